// The rich-text editor over a section's text area: it saves as one types and loses nothing.
// Without this script the text area and its Save button do the whole job.
//
// The other modules lie in editor/; the page names their addresses (data-parts), because each
// carries the version of its content.

const AUTOSAVE_AFTER = 1500; // milliseconds after the last key
const AUTOSAVE_WITHIN = 15_000; // and at the latest this long after the first
const RETRY_FIRST = 5000;
const RETRY_LAST = 60_000;
const ANNOUNCED = 60_000; // a plain "Saved" is read aloud at most this often
const TIMEOUT = 30_000;

const STATES = {
  saved: "check", saving: "drafting", offline: "stale", conflict: "stop", "signed-out": "lock",
};

const now = () => `${new Date().toISOString().slice(11, 16)}Z`;

class SectionEditor {
  constructor(form, library, parts) {
    this.form = form;
    this.parts = parts;
    this.area = form.elements.body;
    this.revision = form.elements.revision;
    this.status = form.querySelector(".save-state");
    this.notice = form.querySelector("[data-kept]");
    this.wait = RETRY_FIRST;
    this.typed = 0;
    this.stopped = form.dataset.conflict === "yes";
    this.keeper = new parts.Keeper(form.dataset.keep);
    this.editor = this.mount(library);
    this.settled(this.editor.getHTML());
    this.tools = new parts.Tools({
      editor: this.editor,
      bar: form.querySelector(".editor-toolbar"),
      panel: form.querySelector("[data-panel]"),
      upload: (file, alt) => this.upload(file, alt),
      address: parts.ADDRESS,
      limit: parts.MAX_NOTE,
    });
    this.count();
    this.listen();
    this.restore().then(() => (form.dataset.ready = "yes"));
    if (form.dataset.presence) {
      this.presence = new parts.Presence(
        form.dataset.presence, document.querySelector("[data-present]"), this,
      );
    }
  }

  // ---------- the editor

  startingHtml() {
    if (this.form.elements.format.value === "html") return this.area.value;
    return this.area.value
      .split(/\n\s*\n/)
      .map((chunk) => {
        const lines = chunk.trim().split("\n").filter((line) => line.trim());
        if (!lines.length) return "";
        const safe = lines.map((line) => line.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`));
        if (lines.every((line) => line.trim().startsWith("- "))) {
          return `<ul>${safe.map((l) => `<li><p>${l.trim().slice(2)}</p></li>`).join("")}</ul>`;
        }
        return `<p>${safe.join("<br>")}</p>`;
      })
      .join("");
  }

  mount(library) {
    const place = document.createElement("div");
    const html = this.startingHtml();
    const panel = (name) => () => this.tools.toggle(name);
    const editor = new library.Editor({
      element: place,
      extensions: this.parts.extensions(library, {
        "Mod-k": panel("link"),
        "Mod-Alt-f": panel("note"),
        "Mod-Alt-p": panel("picture"),
        "Mod-/": panel("keys"),
        "Alt-F10": () => this.tools.focus(),
      }),
      injectCSS: false,
      content: html,
      editorProps: {
        attributes: {
          class: "prose",
          role: "textbox",
          "aria-multiline": "true",
          "aria-label": this.form.dataset.label,
          spellcheck: "true",
        },
        transformPastedHTML: (pasted) => this.parts.cleanPasted(pasted),
        handlePaste: (view, event) => this.files(event.clipboardData, event),
        handleDrop: (view, event) => {
          const at = view.posAtCoords({ left: event.clientX, top: event.clientY });
          if (!this.files(event.dataTransfer, event)) return false;
          if (at) this.editor.commands.setTextSelection(at.pos);
          return true;
        },
        handleDoubleClickOn: (view, pos, node) => this.edit(node),
        handleKeyDown: (view, event) => {
          const node = this.editor?.state.selection.node;
          return event.key === "Enter" && node ? this.edit(node) : false;
        },
      },
      onUpdate: () => this.changed(),
      onSelectionUpdate: () => this.tools?.press(),
      onTransaction: () => this.tools?.press(),
    });
    this.area.before(place);
    this.area.hidden = true;
    this.form.elements.format.value = "html";
    return editor;
  }

  edit(node) {
    const panel = { footnote: "note", picture: "picture" }[node.type.name];
    if (panel) this.tools.toggle(panel);
    return Boolean(panel);
  }

  // A picture on the clipboard or dropped. Words that come with it go first.
  files(data, event) {
    const file = [...(data?.files || [])].find((f) => f.type.startsWith("image/"));
    if (!file || !this.form.dataset.pictures) return false;
    const html = data.getData("text/html");
    if (html && !this.parts.saysNothing(html)) return false;
    event.preventDefault();
    this.tools.toggle("picture", file);
    return true;
  }

  async upload(file, alt) {
    const form = new FormData();
    form.append("csrfmiddlewaretoken", this.token());
    form.append("picture", file, file.name || "pasted.png");
    form.append("alt", alt);
    let answer;
    try {
      answer = await fetch(this.form.dataset.pictures, {
        method: "POST", body: form, headers: { Accept: "application/json" },
      });
    } catch {
      throw new Error("No connection. The picture was not uploaded; try again when you are online.");
    }
    if (answer.status === 401 || this.isPage(answer)) this.signedOut();
    const body = await answer.json().catch(() => ({}));
    if (answer.ok && this.parts.PICTURE.test(body.src)) return body;
    const fields = Object.values(body.fields || {}).flat().join(" ");
    throw new Error(fields || body.detail || "The picture was not taken. Try again.");
  }

  // The words of a fact, quoted at the cursor with what they rest on.
  quote(button) {
    const { fact, words } = button.dataset;
    if (!words?.trim() || !this.parts.FACT.test(fact)) return;
    const mark = { type: "fact", attrs: { fact } };
    const { to } = this.editor.state.selection;
    this.editor.chain().focus().setTextSelection(to)
      .insertContent({ type: "text", text: words.replace(/\s+/g, " ").trim(), marks: [mark] })
      .unsetMark("fact").run();
  }

  count() {
    const line = this.form.querySelector("[data-words]");
    if (!line) return;
    const words = this.editor.getText({ blockSeparator: "\n" }).split(/\s+/).filter(Boolean).length;
    const hint = Number(this.form.dataset.hint);
    const usual = hint ? `; about ${hint.toLocaleString("en-US")} are usual` : "";
    const over = hint && words > hint * 1.25 ? `, ${words - hint} more than that` : "";
    line.textContent = `${words.toLocaleString("en-US")} word${words === 1 ? "" : "s"}${usual}${over}`;
    line.classList.toggle("late", Boolean(over));
  }

  listen() {
    this.form.addEventListener("submit", () => {
      this.area.value = this.text();
      this.leaving = true;
    });
    this.form.elements.portion?.addEventListener("change", () => {
      this.keep();
      this.save();
    });
    document.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      if (event.key.toLowerCase() === "s") {
        event.preventDefault();
        this.save();
      }
    });
    document.addEventListener("click", (event) => {
      const button = event.target.closest?.("[data-quote]");
      if (button) this.quote(button);
    });
    addEventListener("online", () => this.retry());
    const back = () => document.visibilityState === "visible" && this.back();
    addEventListener("focus", back);
    document.addEventListener("visibilitychange", back);
    addEventListener("beforeunload", (event) => {
      if (!this.leaving && this.dirty()) event.preventDefault();
    });
  }

  // ---------- what is typed, and what is kept

  token() {
    return this.form.elements.csrfmiddlewaretoken.value;
  }

  text() {
    return this.editor.isEmpty ? "" : this.editor.getHTML();
  }

  portion() {
    return this.form.elements.portion?.value || "";
  }

  // The server holds ``html`` and ``portion``.
  settled(html, portion = this.portion()) {
    this.savedHtml = html;
    this.savedPortion = portion;
    this.since = 0;
  }

  dirty() {
    return this.editor.getHTML() !== this.savedHtml || this.portion() !== this.savedPortion;
  }

  keep() {
    return this.keeper.put({ html: this.editor.getHTML(), revision: this.revision.value });
  }

  changed() {
    this.typed = Date.now();
    this.since ||= Date.now();
    this.keep();
    this.count();
    if (this.stopped || this.out) return;
    this.wait = RETRY_FIRST;
    const left = Math.max(this.since + AUTOSAVE_WITHIN - Date.now(), 0);
    this.later(Math.min(AUTOSAVE_AFTER, left));
  }

  later(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), milliseconds);
  }

  retry() {
    this.wait = RETRY_FIRST;
    if (this.out) this.back();
    else if (this.dirty()) this.save();
  }

  // Text that closed pages of this browser kept because it could not be saved: put back, with a
  // way out.
  async restore() {
    if (this.stopped) {
      this.keep();
      return;
    }
    const [kept] = (await this.keeper.found()).filter((text) => {
      if (text.html !== this.savedHtml) return true;
      this.keeper.remove(text.key);
      return false;
    });
    if (!kept || this.dirty()) return;
    const present = this.revision.value;
    this.editor.commands.setContent(kept.html, { emitUpdate: false });
    this.count();
    const words = document.createElement("p");
    words.textContent =
      "This browser kept text of yours that was not saved. It is shown here and not saved yet.";
    const settle = () => {
      this.keeper.remove(kept.key);
      this.notice.hidden = true;
    };
    const use = this.parts.button("Save it", () => {
      // Under the revision that it was written on: a newer one comes up for comparison.
      this.revision.value = kept.revision || present;
      this.keep();
      settle();
      this.save();
    });
    const drop = this.parts.button("Discard it", () => {
      settle();
      this.keeper.drop();
      this.revision.value = present;
      this.restored = null;
      this.editor.commands.setContent(this.savedHtml, { emitUpdate: false });
      this.editor.commands.focus();
      this.count();
    });
    this.revision.value = kept.revision || present;
    this.notice.replaceChildren(words, use, " ", drop);
    this.notice.hidden = false;
    this.restored = { settle };
  }

  show(state, words, link) {
    // Routine is not read aloud each time; trouble is, at once.
    const routine = state === "saving" || (state === "saved" && Date.now() - (this.told || 0) < ANNOUNCED);
    this.status.setAttribute("aria-live", routine ? "off" : "polite");
    if (state === "saved" && !routine) this.told = Date.now();
    if (state !== "saved" && state !== "saving") this.told = 0;
    this.status.className = `save-state ${state}`;
    this.status.querySelector("use")?.setAttribute("href", `#i-${STATES[state]}`);
    this.status.querySelector("span").textContent = words;
    while (this.status.lastChild !== this.status.querySelector("span")) this.status.lastChild.remove();
    if (link) this.status.append(" ", link);
  }

  // What is done with text that the server does not have.
  kept() {
    return this.keeper.refused
      ? "This device cannot keep it: leave this page open"
      : "Kept on this device";
  }

  // ---------- saving

  async post() {
    this.area.value = this.text();
    return fetch(this.form.action, {
      method: "POST",
      body: new FormData(this.form),
      headers: { "X-Autosave": "1", Accept: "application/json" },
      signal: AbortSignal.timeout(TIMEOUT),
    });
  }

  async save() {
    clearTimeout(this.timer);
    if (this.saving) {
      this.again = true;
      return;
    }
    if (this.stopped) return;
    this.saving = true;
    const sent = this.editor.getHTML();
    const portion = this.portion();
    this.show("saving", "Saving");
    try {
      await this.answered(await this.post(), sent, portion);
    } catch {
      this.keep();
      const words = this.keeper.refused ? this.kept() : `${this.kept()}, ${now()}; will be sent`;
      this.show("offline", `No connection. ${words}`);
      this.backOff();
    } finally {
      this.saving = false;
      if (this.again) {
        this.again = false;
        this.save();
      }
    }
  }

  backOff() {
    this.later(this.wait);
    this.wait = Math.min(this.wait * 2, RETRY_LAST);
  }

  // Whether the answer is a page, the sign-in say, where JSON was asked for.
  isPage(answer) {
    const type = answer.headers.get("Content-Type") || "";
    return answer.redirected || (answer.ok && !type.includes("json"));
  }

  async answered(answer, sent, portion) {
    if (answer.status === 401 || this.isPage(answer)) {
      this.signedOut();
      return;
    }
    const body = await answer.json().catch(() => ({}));
    if (answer.ok) {
      this.out = false;
      this.wait = RETRY_FIRST;
      this.forbidden = 0;
      this.revision.value = body.revision;
      this.restored?.settle();
      this.restored = null;
      this.settled(sent, portion);
      if (!this.dirty()) this.keeper.drop();
      else this.changed();
      this.show("saved", `Saved ${body.saved_at}`);
      return;
    }
    this.keep();
    if (answer.status === 409 && body.code === "stale_save") {
      this.restored?.settle();
      this.restored = null;
      this.conflict(body, sent);
    } else if (answer.status === 403 && /^(csrf.*)?$/.test(body.code || "") && !this.forbidden) {
      // The token of the form may be that of an earlier session: one try with a fresh one.
      this.forbidden = 1;
      this.out = true;
      this.again = await this.refresh();
    } else if (answer.status >= 500 || answer.status === 429) {
      this.show("offline", `The server did not answer (${answer.status}). ${this.kept()}; will be sent`);
      this.backOff();
    } else {
      const words = body.detail || "The server refused this text.";
      this.show("conflict", `Not saved: ${words} ${this.kept()}.`);
    }
  }

  // ---------- signed out

  signedOut() {
    this.out = true;
    this.keep();
    clearTimeout(this.timer);
    const link = document.createElement("a");
    link.href = this.form.dataset.signin || this.form.action;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = "Sign in";
    const words = this.keeper.refused ? this.kept() : "kept on this device";
    this.show("signed-out", `Signed out; ${words}.`, link);
  }

  // The page has the focus again: perhaps its reader signed in elsewhere.
  async back() {
    if (!this.out || this.looking) return;
    this.looking = true;
    try {
      if (await this.refresh()) {
        if (this.dirty()) await this.save();
        else this.show("saved", "Signed in again");
      }
    } finally {
      this.looking = false;
    }
  }

  // Take the form's token from a fresh copy of the page. False while nobody is signed in.
  async refresh() {
    let fresh;
    try {
      const answer = await fetch(this.form.action, {
        headers: { Accept: "text/html" }, signal: AbortSignal.timeout(TIMEOUT),
      });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      fresh = answer.ok ? page.querySelector("form[data-editor]") : null;
    } catch {
      return false;
    }
    if (!fresh) {
      this.signedOut();
      return false;
    }
    if (fresh.dataset.keep !== this.form.dataset.keep) {
      this.show("conflict", `Not saved: somebody else is signed in now. ${this.kept()}.`);
      return false;
    }
    const token = fresh.querySelector("input[name=csrfmiddlewaretoken]");
    if (token) this.form.elements.csrfmiddlewaretoken.value = token.value;
    this.out = false;
    return true;
  }

  // ---------- somebody else saved

  conflict(body, sent) {
    this.stopped = true;
    clearTimeout(this.timer);
    this.show("conflict", `Not saved: changed by the ${body.by}`);
    const settle = (html) => {
      this.revision.value = body.revision;
      this.stopped = false;
      this.notice.hidden = true;
      if (html !== null) this.editor.commands.setContent(html, { emitUpdate: true });
      this.editor.commands.focus();
      this.save();
    };
    this.parts.compare(this.notice, body, {
      keep: () => settle(null),
      take: () => settle(body.theirs),
      done: () => settle(null),
      merged: () => {
        if (this.editor.getHTML() === sent) return settle(body.merged);
        // More was typed since: have it merged too.
        this.stopped = false;
        this.mergeNext = true;
        return this.save();
      },
      insert: (html) => this.editor.chain().focus().insertContent(html).run(),
    });
    if (this.mergeNext && body.merged) {
      this.mergeNext = false;
      settle(body.merged);
    }
    this.mergeNext = false;
  }

  // What the presence list tells: a newer text is shown at once, unless something is typed here.
  async news({ revision, by, at, gone }) {
    if (gone) {
      this.show("conflict", `This section is gone. ${this.kept()}.`);
      return;
    }
    if (this.out) await this.back();
    if (!(Number(revision) > Number(this.revision.value)) || this.saving || this.stopped) return;
    if (this.dirty()) {
      const time = new Date(at);
      const when = Number.isNaN(time.valueOf()) ? "" : ` at ${time.toISOString().slice(11, 16)}Z`;
      const look = this.parts.button("compare", () => this.save());
      this.show("conflict", `Changed by ${by || "somebody else"}${when}:`, look);
      return;
    }
    const answer = await fetch(`${this.form.action}?json=1`, {
      headers: { Accept: "application/json" }, signal: AbortSignal.timeout(TIMEOUT),
    });
    if (!answer.ok || this.isPage(answer)) return;
    const fresh = await answer.json();
    if (this.dirty() || this.saving) return; // typed meanwhile: the next save compares
    const { from } = this.editor.state.selection;
    this.editor.chain().setMeta("addToHistory", false)
      .setContent(fresh.body, { emitUpdate: false }).run();
    this.editor.commands.setTextSelection(Math.min(from, this.editor.state.doc.content.size));
    this.revision.value = fresh.revision;
    this.settled(this.editor.getHTML());
    this.count();
    this.show("saved", `Saved ${fresh.saved_at}${fresh.by ? ` by the ${fresh.by}` : ""}`);
  }
}

document.querySelectorAll("form[data-editor]").forEach(async (form) => {
  try {
    const addresses = [form.dataset.tiptap, ...form.dataset.parts.trim().split(/\s+/)];
    const [library, ...parts] = await Promise.all(addresses.map((address) => import(address)));
    new SectionEditor(form, library, Object.assign({}, ...parts));
  } catch (error) {
    console.error("The editor did not start; the plain field is in use.", error);
    form.elements.body.hidden = false;
  }
});
