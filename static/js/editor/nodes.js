// What a section's text is made of. The editor writes the same normal form as the server
// (planning/products/normal.py): same tags, same order of marks, nothing else.

export const PICTURE = /^\/efforts\/[-a-z0-9]+\/pictures\/[0-9a-f]{64}\/$/;
export const FACT = /^[a-z-]{1,40}:[a-z0-9-]{1,80}@[0-9a-f]{12}$/;
export const ADDRESS = /^(?:https?:\/\/|mailto:)[^\s]{1,1980}$/i;
export const MAX_NOTE = 1000;

const spans = ({ colspan, rowspan }) => ({
  ...(colspan > 1 ? { colspan } : {}),
  ...(rowspan > 1 ? { rowspan } : {}),
});

function footnote(lib) {
  return lib.Node.create({
    name: "footnote",
    group: "inline",
    inline: true,
    atom: true,
    selectable: true,
    addAttributes: () => ({ note: { default: "", rendered: false } }),
    parseHTML: () => [
      {
        tag: "sup[data-note]",
        priority: 60, // before the mark of the same tag
        getAttrs: (dom) => {
          const note = dom.dataset.note.replace(/\s+/g, " ").trim().slice(0, MAX_NOTE);
          return note ? { note } : false;
        },
      },
    ],
    renderHTML: ({ node }) => ["sup", { "data-note": node.attrs.note }, "*"],
    addNodeView: () => ({ node }) => {
      const dom = document.createElement("sup");
      dom.dataset.note = node.attrs.note;
      dom.title = node.attrs.note;
      dom.setAttribute("role", "note");
      dom.setAttribute("aria-label", `Footnote: ${node.attrs.note}`);
      dom.textContent = "*";
      return { dom };
    },
  });
}

function picture(lib) {
  return lib.Node.create({
    name: "picture",
    group: "block",
    atom: true,
    draggable: true,
    selectable: true,
    addAttributes: () => ({
      src: { default: "", rendered: false },
      alt: { default: "", rendered: false },
    }),
    parseHTML: () => [
      {
        tag: "img[src]",
        getAttrs: (dom) => {
          const src = dom.getAttribute("src");
          return PICTURE.test(src) ? { src, alt: dom.getAttribute("alt") || "" } : false;
        },
      },
    ],
    renderHTML: ({ node }) => ["img", { src: node.attrs.src, alt: node.attrs.alt }],
  });
}

function fact(lib) {
  return lib.Mark.create({
    name: "fact",
    priority: 900, // inside a link, outside all else
    inclusive: false,
    addAttributes: () => ({ fact: { default: "", rendered: false } }),
    parseHTML: () => [
      {
        tag: "q[data-fact]",
        getAttrs: (dom) => (FACT.test(dom.dataset.fact) ? { fact: dom.dataset.fact } : false),
      },
    ],
    renderHTML: ({ mark }) => ["q", { "data-fact": mark.attrs.fact }, 0],
  });
}

// ``keys`` maps shortcuts to functions that open a panel or move the focus.
export function extensions(lib, keys) {
  const none = () => null;
  return [
    lib.Document, lib.Text, lib.Paragraph, lib.HardBreak,
    lib.Bold, lib.Italic, lib.Underline, lib.Strike, lib.Subscript, lib.Superscript,
    lib.Heading.configure({ levels: [3, 4] }),
    lib.BulletList.extend({ renderHTML: () => ["ul", 0] }),
    lib.OrderedList.extend({
      addAttributes: () => ({}),
      addNodeView: none, // the package's sets an inline style
      parseHTML: () => [{ tag: "ol" }],
      renderHTML: () => ["ol", 0],
      addInputRules() {
        return [lib.wrappingInputRule({ find: /^\s*1[.)]\s$/, type: this.type })];
      },
    }),
    lib.ListItem.extend({ renderHTML: () => ["li", 0] }),
    lib.Blockquote,
    lib.Table.extend({ addNodeView: none, renderHTML: () => ["table", ["tbody", 0]] }),
    lib.TableRow,
    lib.TableHeader.extend({ renderHTML: ({ node }) => ["th", spans(node.attrs), 0] }),
    lib.TableCell.extend({ renderHTML: ({ node }) => ["td", spans(node.attrs), 0] }),
    lib.History, lib.Gapcursor, lib.Dropcursor.configure({ color: false, class: "drop-here" }),
    lib.Link.extend({
      addAttributes: () => ({ href: { default: null } }),
      renderHTML: ({ mark }) => ["a", { href: mark.attrs.href }, 0],
      addKeyboardShortcuts: () => ({}),
    }).configure({
      openOnClick: false,
      defaultProtocol: "https",
      isAllowedUri: (address) => ADDRESS.test((address || "").trim()),
    }),
    footnote(lib), picture(lib), fact(lib),
    lib.Extension.create({
      name: "keys",
      priority: 2000,
      addKeyboardShortcuts: () =>
        Object.fromEntries(Object.entries(keys).map(([key, act]) => [key, () => (act(), true)])),
    }),
  ];
}
