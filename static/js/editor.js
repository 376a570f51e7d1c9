// The rich-text editor over a section's text area, with autosave and text that is never lost.
// Without this script the text area and its Save button do the whole job.

const AUTOSAVE_AFTER = 1500; // milliseconds after the last key

const TOOLS = [
  ["Bold", "bold", (c) => c.toggleBold()],
  ["Italic", "italic", (c) => c.toggleItalic()],
  null,
  ["Heading", "heading", (c) => c.toggleHeading({ level: 3 })],
  ["List", "bulletList", (c) => c.toggleBulletList()],
  ["Numbers", "orderedList", (c) => c.toggleOrderedList()],
  ["Quote", "blockquote", (c) => c.toggleBlockquote()],
  ["Table", "table", (c) => c.insertTable({ rows: 3, cols: 3, withHeaderRow: true })],
  null,
  ["Undo", "", (c) => c.undo()],
  ["Redo", "", (c) => c.redo()],
];

const STATES = {
  saved: "check",
  saving: "drafting",
  offline: "stale",
  conflict: "stop",
};

class SectionEditor {
  constructor(form, library) {
    this.form = form;
    this.area = form.elements.body;
    this.revision = form.elements.revision;
    this.status = form.querySelector(".save-state");
    this.keep = form.dataset.keep;
    this.timer = 0;
    this.saving = false;
    this.stopped = form.dataset.conflict === "yes";
    this.html = this.startingHtml();
    this.editor = this.mount(library);
    this.savedHtml = this.editor.getHTML();
    this.toolbar();
    this.restore();
    this.listen();
    form.dataset.ready = "yes";
  }

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

  mount(lib) {
    const place = document.createElement("div");
    this.area.before(place);
    this.area.hidden = true;
    this.form.elements.format.value = "html";
    const extensions = [
      lib.Document, lib.Paragraph, lib.Text, lib.HardBreak, lib.Bold, lib.Italic, lib.Underline,
      lib.Strike, lib.Subscript, lib.Superscript, lib.Heading.configure({ levels: [3, 4] }),
      lib.BulletList, lib.OrderedList, lib.ListItem, lib.Blockquote, lib.Table, lib.TableRow,
      lib.TableHeader, lib.TableCell, lib.History, lib.Gapcursor, lib.Dropcursor,
      lib.Link.configure({ openOnClick: false }),
    ];
    return new lib.Editor({
      element: place,
      extensions,
      injectCSS: false,
      content: this.html,
      editorProps: {
        attributes: {
          class: "prose",
          role: "textbox",
          "aria-multiline": "true",
          "aria-label": this.form.dataset.label,
          spellcheck: "true",
        },
      },
      onUpdate: () => this.changed(),
      onSelectionUpdate: () => this.press(),
    });
  }

  toolbar() {
    this.bar = this.form.querySelector(".editor-toolbar");
    this.buttons = [];
    TOOLS.forEach((tool) => {
      if (!tool) {
        const gap = document.createElement("span");
        gap.className = "gap";
        this.bar.append(gap);
        return;
      }
      const [label, mark, act] = tool;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = label;
      button.tabIndex = this.buttons.length ? -1 : 0;
      if (mark) button.setAttribute("aria-pressed", "false");
      button.addEventListener("click", () => {
        act(this.editor.chain().focus()).run();
        this.press();
      });
      this.buttons.push(button);
      button.dataset.mark = mark;
      this.bar.append(button);
    });
    this.bar.hidden = false;
    this.bar.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const at = this.buttons.indexOf(document.activeElement);
      const next = this.buttons[(at + step + this.buttons.length) % this.buttons.length];
      this.buttons.forEach((b) => (b.tabIndex = b === next ? 0 : -1));
      next.focus();
    });
  }

  press() {
    this.buttons?.forEach((b) => {
      if (b.dataset.mark) b.setAttribute("aria-pressed", String(this.editor.isActive(b.dataset.mark)));
    });
  }

  listen() {
    this.form.addEventListener("submit", () => {
      this.area.value = this.text();
      this.leaving = true;
    });
    this.form.elements.portion.addEventListener("change", () => this.save());
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
        event.preventDefault();
        this.save();
      }
    });
    addEventListener("online", () => this.save());
    addEventListener("beforeunload", (event) => {
      if (!this.leaving && this.dirty()) event.preventDefault();
    });
  }

  text() {
    return this.editor.isEmpty ? "" : this.editor.getHTML();
  }

  dirty() {
    return this.editor.getHTML() !== this.savedHtml;
  }

  changed() {
    localStorage.setItem(
      this.keep,
      JSON.stringify({ html: this.editor.getHTML(), revision: this.revision.value, at: Date.now() }),
    );
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), AUTOSAVE_AFTER);
  }

  // Text that this browser kept because it could not be saved: put back, with a way out.
  restore() {
    const kept = JSON.parse(localStorage.getItem(this.keep) || "null");
    if (this.stopped || !kept || kept.html === this.savedHtml) return;
    this.editor.commands.setContent(kept.html, { emitUpdate: false });
    const note = this.form.querySelector("[data-kept]");
    const words = document.createElement("p");
    words.textContent =
      "This browser kept text of yours that was not saved. It is shown here and not saved yet.";
    const use = document.createElement("button");
    const drop = document.createElement("button");
    [use, drop].forEach((b) => ((b.type = "button"), (b.className = "link")));
    use.textContent = "Save it";
    drop.textContent = "Discard it";
    use.addEventListener("click", () => ((note.hidden = true), this.save()));
    drop.addEventListener("click", () => {
      note.hidden = true;
      localStorage.removeItem(this.keep);
      this.editor.commands.setContent(this.savedHtml, { emitUpdate: false });
      this.editor.commands.focus();
    });
    note.append(words, use, " ", drop);
    note.hidden = false;
  }

  show(state, words) {
    this.status.className = `save-state ${state}`;
    this.status.querySelector("use").setAttribute("href", `#i-${STATES[state]}`);
    this.status.querySelector("span").textContent = words;
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
    this.area.value = this.text();
    this.show("saving", "Saving");
    try {
      const answer = await fetch(this.form.action, {
        method: "POST",
        body: new FormData(this.form),
        headers: { "X-Autosave": "1", Accept: "application/json" },
      });
      await this.answered(answer, sent);
    } catch {
      const now = new Date().toISOString().slice(11, 16);
      this.show("offline", `No connection. Kept on this device, ${now}Z; will be sent`);
      this.timer = setTimeout(() => this.save(), 5000);
    } finally {
      this.saving = false;
      if (this.again) {
        this.again = false;
        this.save();
      }
    }
  }

  async answered(answer, sent) {
    const body = await answer.json();
    if (answer.ok) {
      this.revision.value = body.revision;
      this.savedHtml = sent;
      if (!this.dirty()) localStorage.removeItem(this.keep);
      this.show("saved", `Saved ${body.saved_at}`);
      const words = this.form.querySelector("[data-words]");
      words.textContent = words.textContent.replace(/^\d+ words?/, `${body.words} word${body.words === 1 ? "" : "s"}`);
      return;
    }
    if (answer.status === 409 && body.code === "stale_save") {
      this.stopped = true;
      this.show("conflict", `Not saved: changed by the ${body.by}`);
      this.compare(body);
      return;
    }
    this.stopped = answer.status !== 401;
    this.show("conflict", body.detail || "Not saved; your text is kept on this device");
  }

  // Both texts side by side; nothing is chosen for the user.
  compare(body) {
    const note = this.form.querySelector("[data-kept]");
    note.replaceChildren();
    note.setAttribute("role", "alert");
    const head = document.createElement("p");
    head.textContent = `${body.detail} Theirs:`;
    const theirs = document.createElement("div");
    theirs.className = "text difference";
    theirs.append(...new DOMParser().parseFromString(body.theirs, "text/html").body.childNodes);
    const mine = document.createElement("button");
    const take = document.createElement("button");
    [mine, take].forEach((b) => ((b.type = "button"), (b.className = "link")));
    mine.textContent = "Keep mine (theirs stays in the history)";
    take.textContent = "Take theirs";
    const settle = (html) => {
      this.revision.value = body.revision;
      this.stopped = false;
      note.hidden = true;
      if (html !== null) this.editor.commands.setContent(html, { emitUpdate: false });
      this.save();
    };
    mine.addEventListener("click", () => settle(null));
    take.addEventListener("click", () => settle(body.theirs));
    note.append(head, theirs, mine, " ", take);
    note.hidden = false;
  }
}

document.querySelectorAll("form[data-editor]").forEach(async (form) => {
  try {
    new SectionEditor(form, await import(form.dataset.tiptap));
  } catch (error) {
    console.error("The editor did not start; the plain field is in use.", error);
    form.elements.body.hidden = false;
  }
});
