// What office programs put on the clipboard, made into what the editor knows, before it is
// inserted. The server does the same again (planning/products/pasted.py).

const OFFICE = /mso-|class=["']?Mso|urn:schemas-microsoft-com|sdfootnote|sdendnote|<o:p/i;
const NUMBER = /^\(?(?:\d{1,3}|[a-zA-Z]|[ivxlcIVXLC]{1,6})(?:\.\d{1,3})*[.):]/;
const TYPED = new RegExp(
  "^\\s*([\u00b7\u2022\u25aa\u25ab\u25cf\u25cb\u25e6\u00a7\u2023\u2043\uf0b7\uf0a7\uf0d8o\u2013-]" +
    "|\\(?(?:\\d{1,3}|[a-zA-Z]|[ivxlcIVXLC]{1,6})(?:\\.\\d{1,3})*[.):])(?:\u00a0|\\s{2})[\\s\u00a0]*",
);
const INCHES = { in: 1, pt: 1 / 72, cm: 1 / 2.54, mm: 1 / 25.4, px: 1 / 96 };
const STYLES = [
  ["strong", /(?:^|;)\s*font-weight:\s*(?:bold|bolder|[6-9]00)\b/i],
  ["em", /(?:^|;)\s*font-style:\s*(?:italic|oblique)\b/i],
  ["s", /(?:^|;)\s*text-decoration(?:-line)?:[^;]*\bline-through\b/i],
  ["u", /(?:^|;)\s*text-decoration(?:-line)?:[^;]*\bunderline\b/i],
  ["sub", /(?:^|;)\s*vertical-align:\s*sub\b/i],
  ["sup", /(?:^|;)\s*vertical-align:\s*super\b/i],
];
const LIGHT = /(?:^|;)\s*font-weight:\s*(?:normal|lighter|[1-5]00)\b/i;
const HEADINGS = { H1: "h3", H2: "h3", H5: "h4", H6: "h4" };
const KEPT = new Set(["href", "colspan", "rowspan", "data-note", "data-fact", "src", "alt"]);

const style = (element) => element.dataset.look || "";
const all = (root, selector) => [...root.querySelectorAll(selector)];

function rename(element, tag) {
  const fresh = element.ownerDocument.createElement(tag);
  [...element.attributes].forEach((a) => fresh.setAttribute(a.name, a.value));
  fresh.append(...element.childNodes);
  element.replaceWith(fresh);
  return fresh;
}

function noteKey(name) {
  const found = /^(?:_?(ftn|edn)(\d{1,5})|sd(footnote|endnote)(\d{1,5})(?:sym)?)$/.exec(name);
  return found ? (found[1] || found[3])[0] + (found[2] || found[4]) : "";
}

function footnotes(body) {
  const notes = new Map();
  all(body, "div[id]").forEach((div) => {
    const key = noteKey(div.id);
    if (!key) return;
    all(div, "a[href*='#']").forEach((a) => a.remove());
    notes.set(key, div.textContent.replace(/\s+/g, " ").trim().slice(0, 1000));
    div.remove();
  });
  all(body, "a[href*='#']").forEach((a) => {
    const key = noteKey(a.getAttribute("href").split("#").pop());
    if (!key) return;
    const words = notes.get(key);
    if (!words) return a.remove();
    const sup = body.ownerDocument.createElement("sup");
    sup.dataset.note = words;
    sup.textContent = "*";
    a.replaceWith(sup);
  });
}

// The first ``count`` letters taken off an element's text.
function cut(element, count) {
  const walk = element.ownerDocument.createTreeWalker(element, 4);
  while (count > 0 && walk.nextNode()) {
    const node = walk.currentNode;
    const less = Math.min(count, node.data.length);
    node.data = node.data.slice(less);
    count -= less;
  }
}

// Level and kind of a paragraph that stands for a list item; its bullet goes.
function item(p) {
  const says = /mso-list:\s*[^;]*?\blevel([1-9])\b/i.exec(style(p));
  const bullet = all(p, "span").filter((s) => /mso-list:\s*ignore/i.test(style(s)));
  const mark = bullet.map((s) => s.textContent).join("").trim();
  bullet.forEach((s) => s.remove());
  if (says) return { level: Number(says[1]), ordered: NUMBER.test(mark) };
  if (!/msolist/i.test(p.className) || /mso-list:\s*(?:none|skip)\b/i.test(style(p))) return null;
  const typed = TYPED.exec(p.textContent);
  if (!typed) return null;
  cut(p, typed[0].length);
  const indent = /margin-left:\s*([0-9.]{1,9})\s*(in|pt|cm|mm|px)/i.exec(style(p));
  const inches = indent ? Number(indent[1]) * INCHES[indent[2].toLowerCase()] : 0.5;
  const level = Math.min(Math.max(Math.round(inches / 0.5), 1), 9);
  return { level, ordered: NUMBER.test(typed[1]) };
}

function lists(body) {
  let open = [];
  let last = null;
  all(body, "p").forEach((p) => {
    const found = item(p);
    if (!found) return;
    let before = p.previousSibling;
    while (before && before.nodeType !== 1 && !before.textContent.trim()) before = before.previousSibling;
    if (before !== last) open = [];
    while (
      open.length &&
      (open.at(-1).level > found.level ||
        (open.at(-1).level === found.level && open.at(-1).ordered !== found.ordered))
    ) {
      open.pop();
    }
    const li = body.ownerDocument.createElement("li");
    if (open.length && open.at(-1).level === found.level) {
      p.before(li);
      open.at(-1).list.append(li);
    } else {
      const list = body.ownerDocument.createElement(found.ordered ? "ol" : "ul");
      list.append(li);
      if (open.length) open.at(-1).list.lastElementChild.append(list);
      else p.before(list);
      open.push({ ...found, list });
    }
    li.append(p);
    last = open[0].list;
  });
}

// Leading rows that say everything in bold are a header.
function headers(body) {
  all(body, "table").forEach((table) => {
    const rows = [...table.rows];
    const bold = (row) => {
      const walk = row.ownerDocument.createTreeWalker(row, 4);
      let said = false;
      while (walk.nextNode()) {
        if (!walk.currentNode.data.trim()) continue;
        said = true;
        if (!walk.currentNode.parentElement.closest("b, strong")) return false;
      }
      return said;
    };
    let heads = 0;
    let reach = 0;
    while (heads < rows.length && (bold(rows[heads]) || (heads && heads < reach))) {
      [...rows[heads].cells].forEach((c) => (reach = Math.max(reach, heads + c.rowSpan)));
      heads += 1;
    }
    if (!heads || heads >= rows.length) return;
    rows.slice(0, heads).forEach((row) => {
      all(row, "b, strong").forEach((b) => b.replaceWith(...b.childNodes));
      [...row.cells].forEach((cell) => rename(cell, "th"));
    });
  });
}

// Styles that stand for a look become its tag; a bold tag that says it is light goes.
function looks(body) {
  all(body, "b[data-look], strong[data-look]").forEach((b) => {
    if (LIGHT.test(style(b))) b.replaceWith(...b.childNodes);
  });
  all(body, "span[data-look]").forEach((span) => {
    STYLES.forEach(([tag, says]) => {
      if (!says.test(style(span)) || (tag === "u" && span.closest("a"))) return;
      const inner = span.ownerDocument.createElement(tag);
      inner.append(...span.childNodes);
      span.append(inner);
    });
  });
}

// The page's policy complains of inline styles and handlers even while they are parsed: read them
// as data.
function parsed(html) {
  const quiet = html
    .replace(/<style\b[\s\S]*?(?:<\/style\s*>|$)/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) =>
      tag
        .replace(/([\s"'/])style(?=\s*=)/gi, "$1data-look")
        .replace(/([\s"'/])on[a-z]+(?=\s*=)/gi, "$1data-off"),
    );
  return new DOMParser().parseFromString(quiet, "text/html").body;
}

export function saysNothing(html) {
  return !parsed(html).textContent.trim();
}

export function cleanPasted(html) {
  if (html.includes("data-pm-slice")) return html; // copied in an editor like this one
  const office = OFFICE.test(html);
  const body = parsed(html);
  all(body, "script, style, title, xml, meta, link, svg, math, iframe, object, template").forEach(
    (e) => e.remove(),
  );
  const walk = body.ownerDocument.createTreeWalker(body, 128); // comments
  const comments = [];
  while (walk.nextNode()) comments.push(walk.currentNode);
  comments.forEach((c) => c.remove());
  looks(body);
  if (office) {
    all(body, "h1, h2, h3, h4, h5, h6").forEach((h) =>
      all(h, "span").forEach((s) => /mso-list:\s*ignore/i.test(style(s)) && s.remove()),
    );
    footnotes(body);
    lists(body);
    headers(body);
  }
  // A list between the items of a list belongs to the item before.
  all(body, "ul > ul, ul > ol, ol > ul, ol > ol").forEach((list) => {
    list.previousElementSibling?.matches("li") && list.previousElementSibling.append(list);
  });
  Object.entries(HEADINGS).forEach(([from, to]) => all(body, from).forEach((h) => rename(h, to)));
  all(body, "*").forEach((element) =>
    [...element.attributes].forEach((a) => KEPT.has(a.name) || element.removeAttribute(a.name)),
  );
  all(body, "p, h3, h4").forEach((p) => {
    const empty = !p.textContent.replace(/\u00a0/g, " ").trim() && !p.querySelector("img");
    if (empty && !p.closest("td, th, li")) p.remove();
  });
  const texts = body.ownerDocument.createTreeWalker(body, 4);
  while (texts.nextNode()) {
    texts.currentNode.data = texts.currentNode.data.replace(/[\s\u00a0]{2,}/g, " ");
  }
  return body.innerHTML;
}
