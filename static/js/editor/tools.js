// The toolbar, the small forms that open below it, and the list of keys.

const TOOLS = [
  ["Bold", "bold", (c) => c.toggleBold()],
  ["Italic", "italic", (c) => c.toggleItalic()],
  ["Underline", "underline", (c) => c.toggleUnderline()],
  ["Strike", "strike", (c) => c.toggleStrike()],
  ["Sub", "subscript", (c) => c.toggleSubscript(), "Subscript"],
  ["Super", "superscript", (c) => c.toggleSuperscript(), "Superscript"],
  null,
  ["Heading", ["heading", { level: 3 }], (c) => c.toggleHeading({ level: 3 })],
  ["Subheading", ["heading", { level: 4 }], (c) => c.toggleHeading({ level: 4 })],
  ["List", "bulletList", (c) => c.toggleBulletList()],
  ["Numbers", "orderedList", (c) => c.toggleOrderedList(), "Numbered list"],
  ["Quote", "blockquote", (c) => c.toggleBlockquote()],
  null,
  ["Link", "link", "link"],
  ["Footnote", "footnote", "note"],
  ["Picture", "picture", "picture"],
  ["Table", "table", (c) => c.insertTable({ rows: 3, cols: 3, withHeaderRow: true }), "Insert table"],
  null,
  ["Undo", "", (c) => c.undo()],
  ["Redo", "", (c) => c.redo()],
  ["Keys", "", "keys", "Keyboard shortcuts"],
];

const TABLE_TOOLS = [
  ["Row above", "", (c) => c.addRowBefore()],
  ["Row below", "", (c) => c.addRowAfter()],
  ["Remove row", "", (c) => c.deleteRow()],
  null,
  ["Column left", "", (c) => c.addColumnBefore()],
  ["Column right", "", (c) => c.addColumnAfter()],
  ["Remove column", "", (c) => c.deleteColumn()],
  null,
  ["Header row", "", (c) => c.toggleHeaderRow()],
  ["Merge cells", "", (c) => c.mergeCells()],
  ["Split cell", "", (c) => c.splitCell()],
  ["Remove table", "", (c) => c.deleteTable()],
];

const KEYS = [
  ["Ctrl+B, I, U", "Bold, italic, underline"],
  ["Ctrl+Shift+S", "Strike"],
  ["Ctrl+, and Ctrl+.", "Subscript, superscript"],
  ["Ctrl+Alt+3, 4", "Heading, subheading"],
  ["Ctrl+Shift+8, 7", "List, numbered list"],
  ["Tab, Shift+Tab", "List item in or out; next or previous cell of a table"],
  ["Ctrl+Shift+B", "Quote"],
  ["Ctrl+K", "Link"],
  ["Ctrl+Alt+F", "Footnote"],
  ["Ctrl+Alt+P", "Picture"],
  ["Ctrl+Z, Ctrl+Shift+Z", "Undo, redo"],
  ["Ctrl+S", "Save now"],
  ["Alt+F10", "To the toolbar; Escape comes back"],
  ["Ctrl+/", "This list"],
];

function make(tag, properties = {}, ...inside) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...inside);
  return made;
}

// One row of buttons: a single stop for Tab, arrows move within.
class Row {
  constructor(bar, tools, owner) {
    this.owner = owner;
    this.bar = bar;
    this.buttons = [];
    tools.forEach((tool) => {
      if (!tool) return bar.append(make("span", { className: "gap" }));
      const [label, mark, act, title] = tool;
      const button = make("button", { type: "button", textContent: label });
      button.tabIndex = this.buttons.length ? -1 : 0;
      if (title) button.title = title;
      if (title) button.setAttribute("aria-label", `${label}: ${title}`);
      if (typeof act === "string") {
        button.setAttribute("aria-expanded", "false");
        button.dataset.opens = act;
        button.addEventListener("click", () => owner.toggle(act));
      } else {
        // The mouse leaves the focus in the text, so that no key typed meanwhile is lost.
        button.addEventListener("mousedown", (event) => event.preventDefault());
        button.addEventListener("click", () => {
          act(owner.focused().chain()).run();
          owner.press();
        });
      }
      if (mark) button.setAttribute("aria-pressed", "false");
      this.buttons.push(button);
      button.mark = mark;
      button.act = act;
      bar.append(button);
    });
    bar.addEventListener("keydown", (event) => this.key(event));
    bar.addEventListener("focusin", (event) => {
      this.buttons.forEach((b) => (b.tabIndex = b === event.target ? 0 : -1));
      event.target.scrollIntoView({ block: "nearest", inline: "nearest" });
    });
  }

  key(event) {
    if (event.key === "Escape") return this.owner.focused();
    const at = this.buttons.indexOf(document.activeElement);
    const last = this.buttons.length - 1;
    const to = {
      ArrowRight: at === last ? 0 : at + 1,
      ArrowLeft: at <= 0 ? last : at - 1,
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined) return undefined;
    event.preventDefault();
    return this.buttons[to].focus();
  }

  press(editor) {
    this.buttons.forEach((button) => {
      if (!button.mark) return;
      const active = Array.isArray(button.mark)
        ? editor.isActive(...button.mark)
        : editor.isActive(button.mark);
      button.setAttribute("aria-pressed", String(active));
    });
  }
}

export class Tools {
  // ``panel`` is the place of the forms; ``upload(file, alt)`` answers {src, alt} or throws.
  constructor({ editor, bar, panel, upload, address, limit }) {
    Object.assign(this, { editor, panel, upload, address, limit, open: "" });
    this.main = new Row(bar, TOOLS, this);
    const row = make("div", { className: "editor-toolbar table-tools", hidden: true });
    row.setAttribute("role", "toolbar");
    row.setAttribute("aria-label", "Table");
    bar.after(row);
    this.table = new Row(row, TABLE_TOOLS, this);
    this.panel.addEventListener("keydown", (event) => this.panelKey(event));
    bar.hidden = false;
    this.press();
  }

  // The editor with the focus in its text now: Tiptap's own command waits for the next frame, and
  // what is typed until then is lost.
  focused() {
    this.editor.view.focus();
    return this.editor;
  }

  focus() {
    (this.main.buttons.find((b) => b.tabIndex === 0) || this.main.buttons[0]).focus();
  }

  press() {
    this.main.press(this.editor);
    this.table.bar.hidden = !this.editor.isActive("table");
  }

  toggle(name, given) {
    if (this.open === name && !given) return this.close();
    this.close(false);
    this.open = name;
    this.panel.replaceChildren();
    this.given = given;
    const first = this[name]();
    this.panel.hidden = false;
    this.expanded(true);
    first.focus();
    return undefined;
  }

  close(back = true) {
    this.expanded(false);
    this.open = "";
    this.panel.hidden = true;
    this.panel.replaceChildren();
    if (back) this.focused();
  }

  expanded(yes) {
    const button = this.main.buttons.find((b) => b.dataset.opens === this.open);
    button?.setAttribute("aria-expanded", String(yes));
  }

  // Enter applies, Escape leaves; the form around must not be sent.
  panelKey(event) {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "Enter" && event.target.matches("input")) {
      event.preventDefault();
      this.apply?.();
    }
  }

  group(name) {
    const group = make("div", { className: "panel" });
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", name);
    this.error = make("p", { className: "field-error", id: "panel-error", hidden: true });
    this.error.setAttribute("role", "alert");
    this.panel.append(group);
    return group;
  }

  field(label, field, hint = "") {
    field.id = `panel-${label.toLowerCase().replace(/\W+/g, "-")}`;
    const parts = [make("label", { className: "usa-label", htmlFor: field.id, textContent: label })];
    if (hint) parts.push(make("p", { className: "usa-hint", id: `${field.id}-hint`, textContent: hint }));
    if (hint) field.setAttribute("aria-describedby", `${field.id}-hint`);
    return make("div", { className: "panel-field" }, ...parts, field);
  }

  buttons(...pairs) {
    const row = make("p", { className: "buttons" });
    pairs.forEach(([label, act], i) => {
      const name = i ? "link" : "usa-button tight";
      const button = make("button", { type: "button", className: name, textContent: label });
      button.addEventListener("click", act);
      row.append(button);
    });
    const cancel = make("button", { type: "button", className: "link", textContent: "Cancel" });
    cancel.addEventListener("click", () => this.close());
    row.append(cancel);
    return row;
  }

  refuse(words, field) {
    this.error.textContent = words;
    this.error.hidden = false;
    if (!field) return;
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-errormessage", this.error.id);
    field.focus();
  }

  link() {
    const group = this.group("Link");
    const present = this.editor.getAttributes("link").href || "";
    const input = make("input", { className: "usa-input", type: "text", value: present });
    input.inputMode = "url";
    input.autocomplete = "off";
    this.apply = () => {
      let address = input.value.trim().replaceAll(" ", "%20");
      if (/^[^\s:/@]+@[^\s:/@]+$/.test(address)) address = `mailto:${address}`;
      else if (/^[\w-]+(\.[\w-]+)+(?:[/?#:]|$)/.test(address)) address = `https://${address}`;
      if (!this.address.test(address)) {
        this.refuse("A link starts with https://, http:// or mailto:.", input);
        return;
      }
      const chain = this.focused().chain();
      if (this.editor.isActive("link")) chain.extendMarkRange("link").setLink({ href: address });
      else if (this.editor.state.selection.empty) {
        chain.insertContent({
          type: "text",
          text: address.replace(/^mailto:/i, ""),
          marks: [{ type: "link", attrs: { href: address } }],
        });
      } else chain.setLink({ href: address });
      this.close(false);
      chain.run();
    };
    const remove = () => {
      this.close(false);
      this.focused().chain().extendMarkRange("link").unsetLink().run();
    };
    const pairs = [[present ? "Change link" : "Set link", this.apply]];
    if (present) pairs.push(["Remove link", remove]);
    group.append(this.field("Address", input), this.error, this.buttons(...pairs));
    return input;
  }

  note() {
    const group = this.group("Footnote");
    const present = this.editor.isActive("footnote") ? this.editor.getAttributes("footnote").note : "";
    const area = make("textarea", {
      className: "usa-textarea", rows: 2, maxLength: this.limit, value: present,
    });
    this.apply = () => {
      const note = area.value.replace(/\s+/g, " ").trim();
      if (!note) return this.refuse("Write what the footnote says.", area);
      this.close(false);
      const chain = this.focused().chain();
      if (present) return chain.updateAttributes("footnote", { note }).run();
      const { to } = this.editor.state.selection;
      return chain.setTextSelection(to).insertContent({ type: "footnote", attrs: { note } }).run();
    };
    area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.apply();
    });
    const remove = () => {
      this.close(false);
      this.focused().chain().deleteSelection().run();
    };
    const pairs = [[present ? "Change footnote" : "Insert footnote", this.apply]];
    if (present) pairs.push(["Remove footnote", remove]);
    const hint = "The number is given when the document is made.";
    group.append(this.field("Footnote text", area, hint), this.error, this.buttons(...pairs));
    return area;
  }

  picture() {
    const group = this.group("Picture");
    const here = this.editor.isActive("picture") && !this.given;
    const alt = make("input", { className: "usa-input", type: "text", maxLength: 1000 });
    const file = make("input", { className: "file", type: "file" });
    file.accept = "image/png,image/jpeg,image/gif,image/webp";
    const idle = make("input", { type: "checkbox", className: "usa-checkbox__input", id: "panel-idle" });
    if (here) {
      alt.value = this.editor.getAttributes("picture").alt;
      idle.checked = !alt.value;
    }
    const words = () => (idle.checked ? "" : alt.value.replace(/\s+/g, " ").trim());
    this.apply = async () => {
      if (!here && !this.given && !file.files.length) {
        return this.refuse("Choose a picture file.", file);
      }
      if (!words() && !idle.checked) {
        return this.refuse("Say what the picture shows, or mark it as decorative.", alt);
      }
      if (here) {
        this.close(false);
        return this.focused().chain().updateAttributes("picture", { alt: words() }).run();
      }
      return this.send(this.given || file.files[0], words());
    };
    const remove = () => {
      this.close(false);
      this.focused().chain().deleteSelection().run();
    };
    if (this.given) group.append(make("p", { textContent: `Picture: ${this.given.name || "pasted"}` }));
    else if (!here) group.append(this.field("Picture file", file, "PNG, JPEG, GIF or WebP, 10 MB at most"));
    const label = make("label", {
      className: "usa-checkbox__label", htmlFor: "panel-idle",
      textContent: "Decorative: it says nothing that the text does not say",
    });
    const tick = make("div", { className: "usa-checkbox" }, idle, label);
    const pairs = [[here ? "Change picture" : "Insert picture", this.apply]];
    if (here) pairs.push(["Remove picture", remove]);
    this.row = this.buttons(...pairs);
    const hint = "For readers who do not see it: what does the picture show?";
    group.append(this.field("Alternative text", alt, hint), tick, this.error, this.row);
    return this.given || here ? alt : file;
  }

  async send(file, alt) {
    const button = this.row.querySelector("button");
    const label = button.textContent;
    button.textContent = "Uploading";
    button.disabled = true;
    try {
      const stored = await this.upload(file, alt);
      this.close(false);
      const { $to } = this.editor.state.selection;
      // Behind the paragraph at hand, so that no sentence is torn apart; in place of an empty one.
      const block = $to.parent.isTextblock && $to.depth;
      const end = block ? $to.after($to.depth) : $to.pos;
      const free = block && !$to.parent.childCount && $to.node(-1).canReplaceWith(
        $to.index(-1), $to.indexAfter(-1), this.editor.schema.nodes.picture,
      );
      const attrs = { src: stored.src, alt: stored.alt ?? alt };
      this.focused().chain()
        .insertContentAt({ from: free ? $to.before($to.depth) : end, to: end }, { type: "picture", attrs })
        .run();
    } catch (error) {
      button.textContent = label;
      button.disabled = false;
      this.refuse(error.message);
    }
  }

  keys() {
    const group = this.group("Keyboard shortcuts");
    const mac = /Mac|iPhone|iPad/.test(navigator.platform);
    const list = make("dl", { className: "ledger keys" });
    KEYS.forEach(([key, does]) => {
      const name = mac ? key.replaceAll("Ctrl", "⌘").replaceAll("Alt", "⌥") : key;
      list.append(make("dt", {}, make("kbd", { textContent: name })), make("dd", { textContent: does }));
    });
    const close = make("button", { type: "button", className: "link", textContent: "Close" });
    close.addEventListener("click", () => this.close());
    this.apply = null;
    group.append(list, close);
    return close;
  }
}
