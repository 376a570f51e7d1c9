// Two texts of one section: what this page holds, and what somebody else saved meanwhile.

function element(tag, name, ...inside) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.append(...inside);
  return made;
}

export function button(label, act, name = "link") {
  const made = element("button", name, label);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

// The blocks of a sanitized text, as nodes of this page.
export function blocksOf(html) {
  return [...new DOMParser().parseFromString(html, "text/html").body.children].map((block) =>
    document.adoptNode(block),
  );
}

function text(html, other) {
  const same = new Set(blocksOf(other).map((block) => block.outerHTML));
  const blocks = blocksOf(html);
  blocks.forEach((block) => same.has(block.outerHTML) || block.classList.add("differs"));
  if (!blocks.length) blocks.push(element("p", "faint", "Nothing written."));
  return element("div", "text difference", ...blocks);
}

// What scrolls by itself is reached by keyboard too.
function region(part, name) {
  part.tabIndex = 0;
  part.setAttribute("role", "region");
  part.setAttribute("aria-label", name);
}

const clock = (at) => {
  const time = new Date(at);
  return at && !Number.isNaN(time.valueOf()) ? `${time.toISOString().slice(11, 16)}Z` : "";
};

const saved = (body) =>
  ["Saved by the " + (body.by || "team"), `revision ${body.revision}`, clock(body.at)]
    .filter(Boolean)
    .join(", ");

// Show both texts in ``place``. ``choose`` has keep(), take(), merged(), insert(html), done().
export function compare(place, body, choose) {
  place.replaceChildren();
  const said = element("p", "", element("strong", "", body.detail || "Changed while you wrote."));
  said.setAttribute("role", "alert");
  const choices = element("p", "buttons");
  if (body.merged) {
    choices.append(button("Use the merged text", choose.merged, "usa-button tight"));
    said.append(" You changed different paragraphs, so both changes fit into one text.");
  }
  const beside = button("Merge by hand", () => byHand(place, body, choose));
  choices.append(
    button("Keep mine", choose.keep), button("Take theirs", choose.take), beside,
  );
  const sides = element(
    "div", "two-texts",
    element("div", "", element("p", "label", "Yours, not saved"), text(body.yours, body.theirs)),
    element("div", "", element("p", "label", saved(body)), text(body.theirs, body.yours)),
  );
  region(sides, "Both texts");
  if (body.merged) {
    const merged = element("details", "", element("summary", "", "Read the merged text"));
    merged.append(text(body.merged, body.merged));
    sides.append(merged);
  }
  const note = element(
    "p", "small",
    "You can go on writing. The text that is not taken stays in the history or, after “Take " +
      "theirs”, comes back with Undo.",
  );
  place.append(said, choices, sides, note);
  place.hidden = false;
}

// The editor holds one text, the other stands beside it, each block with a button.
function byHand(place, body, choose) {
  place.replaceChildren();
  const lead = element(
    "p", "",
    element("strong", "", "Your text is in the editor below. "),
    "Put the cursor where a paragraph of theirs belongs and insert it. Save when it is complete.",
  );
  const mine = new Set(blocksOf(body.yours).map((block) => block.outerHTML));
  const row = (block) => {
    const html = block.outerHTML;
    const insert = button("Insert at cursor", () => choose.insert(html));
    return element("div", "merge-block", element("div", "text difference", block), insert);
  };
  const theirs = blocksOf(body.theirs);
  const fresh = theirs.filter((block) => !mine.has(block.outerHTML));
  const same = theirs.filter((block) => mine.has(block.outerHTML));
  const list = element("div", "merge", ...fresh.map(row));
  if (same.length) {
    const rest = element("details", "", element("summary", "", "What you have too"));
    rest.append(...same.map(row));
    list.append(rest);
  }
  region(list, "Their text, paragraph by paragraph");
  const done = button("Save the merged text", choose.done, "usa-button tight");
  const back = button("Back to both texts", () => compare(place, body, choose));
  place.append(lead, element("p", "label", saved(body)), list);
  place.append(element("p", "buttons", done, back));
  done.focus({ preventScroll: true });
}
