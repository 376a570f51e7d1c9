// The table of a register: cells that open in place, rows that move, cells that are pasted.
// Without this script every row has a link to its entry's page, which does the same.

const STIRRED = 6; // pixels that a pointer moves before it pulls
const EDGE = 60; // pixels from the edge of the window where it scrolls
const SCROLLED = 8; // pixels in each picture

const table = document.querySelector("table[data-entries]");

class Entries {
  constructor(found) {
    this.table = found;
    this.base = found.dataset.entries;
    this.status = document.querySelector("[data-said]");
    this.fields = [...found.tHead.rows[0].cells].map((cell) => cell.dataset.field);
    this.marks = document.getElementById("marks");
    this.kept = null; // the cell that lies under the open form
    this.then = 0; // where to go when it is saved
    found.setAttribute("role", "grid");
    this.prepare(found);
    this.first()?.setAttribute("tabindex", "0");
    this.ordered = found.dataset.order !== "fixed"; // a page may sort its rows by something else
    if (this.ordered) [...this.body.rows].forEach((row) => this.addHandle(row));
    document.querySelector("[data-keys]")?.removeAttribute("hidden");
    this.listen();
  }

  get body() {
    return this.table.tBodies[0];
  }

  say(words) {
    if (this.status) this.status.textContent = words;
  }

  name(row) {
    return `${this.table.dataset.prefix}-${row.dataset.number}`;
  }

  // ---------- cells

  prepare(place) {
    place.querySelectorAll("tbody :is(th, td):not(.cell-form)").forEach((cell) => this.ready(cell));
  }

  ready(cell) {
    if (cell.getAttribute("role") === "cell") cell.setAttribute("role", "gridcell");
    if (this.opens(cell)) cell.setAttribute("tabindex", "-1");
  }

  key(cell) {
    return this.fields[cell.cellIndex];
  }

  opens(cell) {
    return Boolean(this.key(cell)) && cell.dataset.fixed === undefined;
  }

  cells(row) {
    return [...row.cells].filter((cell) => this.opens(cell));
  }

  first() {
    return this.body.rows[0] && this.cells(this.body.rows[0])[0];
  }

  focus(cell) {
    if (!cell) return;
    this.table.querySelectorAll('[tabindex="0"]:is(th, td)').forEach((other) => (other.tabIndex = -1));
    cell.tabIndex = 0;
    cell.focus();
  }

  beside(cell, step) {
    const all = [...this.body.rows].flatMap((row) => this.cells(row));
    return all[all.indexOf(cell) + step];
  }

  above(cell, step) {
    const row = cell.parentElement;
    const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
    return other && this.opens(other.cells[cell.cellIndex]) ? other.cells[cell.cellIndex] : null;
  }

  async open(cell) {
    if (this.opening || !this.opens(cell)) return;
    this.cancel();
    this.opening = true;
    this.dropped = false; // whether somebody pressed Escape before the form came
    const kept = cell.cloneNode(true);
    const row = cell.parentElement;
    this.say("");
    try {
      // Settled at once, so that the form never leaves the page however fast somebody presses Enter.
      await htmx.ajax("GET", `${this.base}${row.dataset.number}/cells/${this.key(cell)}/`, {
        source: cell, target: cell, swap: "outerHTML settle:0ms",
      });
    } finally {
      this.opening = false;
    }
    const form = row.querySelector(".cell-form");
    if (!form) return this.say(`${this.name(row)} could not be opened. Use its Edit link.`);
    this.kept = kept;
    this.at = { row, place: form.cellIndex };
    this.began = this.typed(form);
    if (this.dropped) return this.focus(this.cancel());
    form.querySelector("textarea, select, input:not([type=hidden])")?.focus();
  }

  get form() {
    return this.table.querySelector(".cell-form");
  }

  typed(cell) {
    const data = new FormData(cell.querySelector("form"));
    return JSON.stringify(data.getAll("value"));
  }

  cancel() {
    const cell = this.form;
    if (!cell || !this.kept) return null;
    const back = this.kept;
    this.kept = null;
    cell.replaceWith(back);
    return back;
  }

  leave(step) {
    const cell = this.form;
    if (this.typed(cell) === this.began) {
      const back = this.cancel();
      return this.focus((step && this.beside(back, step)) || back);
    }
    this.then = step;
    cell.querySelector("form").requestSubmit();
  }

  saved() {
    const { row, place } = this.at;
    const step = this.then;
    this.then = 0;
    this.kept = null;
    const now = row.cells[place];
    this.ready(now);
    this.say(`${this.name(row)} saved ${new Date().toISOString().slice(11, 16)}Z`);
    this.focus((step && this.beside(now, step)) || now);
  }

  // ---------- order

  addHandle(row) {
    const acts = row.querySelector(".acts");
    const grip = this.button("grip", "⠿", `Move ${this.name(row)}`);
    grip.setAttribute("aria-expanded", "false");
    const steps = [["↑", "up", -1], ["↓", "down", 1]].map(([sign, word, step]) => {
      const button = this.button("step", sign, `Move ${this.name(row)} ${word}`);
      button.hidden = true;
      button.addEventListener("click", () => this.step(row, step).then(() => button.focus()));
      return button;
    });
    grip.addEventListener("click", () => {
      if (this.pulled) return void (this.pulled = false);
      const open = grip.getAttribute("aria-expanded") === "true";
      grip.setAttribute("aria-expanded", String(!open));
      steps.forEach((button) => (button.hidden = open));
    });
    this.pull(row, grip);
    acts.append(grip, ...steps);
  }

  button(look, sign, words) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = look;
    button.textContent = sign;
    button.setAttribute("aria-label", words);
    return button;
  }

  step(row, step) {
    if (!this.ordered) return Promise.resolve();
    const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!other) {
      const end = step < 0 ? "first" : "last";
      this.say(`${this.name(row)} is the ${end} on this page. Its own page moves it further.`);
      return Promise.resolve();
    }
    return this.move(row, step < 0 ? other : other.nextElementSibling);
  }

  // Put a row in front of another, or last on the page; the server hears of it, or it goes back.
  async move(row, before) {
    const back = row.nextElementSibling;
    if (before === row || (before ?? null) === back) return;
    const held = document.activeElement;
    this.body.insertBefore(row, before);
    if (row.contains(held)) held.focus();
    const data = new FormData(this.marks);
    data.set("number", row.dataset.number);
    if (before) data.set("before", before.dataset.number);
    else data.set("after", row.previousElementSibling.dataset.number);
    const moved = await this.post(`${this.base}order/`, data, { "X-Order": "yes" });
    if (!moved) this.body.insertBefore(row, back);
    this.say(
      moved
        ? `${this.name(row)} moved ${before ? `in front of ${this.name(before)}` : "to the end"}`
        : `${this.name(row)} was not moved. Reload the page and try again.`,
    );
  }

  async post(address, data, headers = {}) {
    try {
      const answer = await fetch(address, {
        method: "POST", body: data, headers, redirect: "manual",
      });
      return answer.ok || answer.type === "opaqueredirect";
    } catch {
      return false;
    }
  }

  // Pull a row by its grip, with mouse, pen or finger.
  pull(row, grip) {
    let from = null;
    let before; // the row to stand in front of; null for the end of the page
    const clear = () => {
      row.classList.remove("dragged");
      this.body.querySelectorAll(".below, .last-below").forEach((other) => other.classList.remove("below", "last-below"));
    };
    let edge = 0; // of the window at which the pointer is: -1 above, 1 below
    const roll = () => {
      if (from === null || !edge) return;
      scrollBy(0, edge * SCROLLED);
      requestAnimationFrame(roll);
    };
    const stop = () => {
      clear();
      from = null;
      edge = 0;
    };
    grip.addEventListener("pointerdown", (event) => {
      from = event.clientY;
      before = undefined;
      grip.setPointerCapture(event.pointerId);
    });
    grip.addEventListener("pointermove", (event) => {
      if (from === null || (before === undefined && Math.abs(event.clientY - from) < STIRRED)) return;
      clear();
      row.classList.add("dragged");
      const still = !edge;
      edge = event.clientY < EDGE ? -1 : event.clientY > innerHeight - EDGE ? 1 : 0;
      if (still && edge) requestAnimationFrame(roll);
      const over = document.elementFromPoint(event.clientX, event.clientY)?.closest("tr");
      if (over?.parentElement !== this.body) return;
      const box = over.getBoundingClientRect();
      before = event.clientY > box.top + box.height / 2 ? over.nextElementSibling : over;
      if (before) before.classList.add("below");
      else over.classList.add("last-below");
    });
    grip.addEventListener("pointerup", () => {
      const wanted = from !== null && before !== undefined;
      stop();
      this.pulled = wanted;
      if (wanted) this.move(row, before);
    });
    grip.addEventListener("pointercancel", stop);
    grip.addEventListener("keydown", (event) => event.key === "Escape" && stop());
  }

  // ---------- highlights

  async star(button) {
    const data = new FormData(this.marks);
    data.set(button.name, button.value);
    const on = button.value === "yes";
    if (!(await this.post(button.formAction, data))) {
      return this.say("The highlight was not changed. Reload the page and try again.");
    }
    button.setAttribute("aria-pressed", String(on));
    button.value = on ? "no" : "yes";
    button.firstChild.textContent = `${on ? "★" : "☆"} Highlight`;
    this.say(`${this.name(button.closest("tr"))} ${on ? "is highlighted" : "is no highlight any more"}`);
  }

  // ---------- what people do

  pasted(event) {
    if (event.target.closest("input, textarea, select")) return;
    const text = event.clipboardData.getData("text/plain");
    if (!/[\t\n]/.test(text.replace(/[\r\n]+$/, ""))) return;
    event.preventDefault();
    const form = document.getElementById("paste-form");
    if (!form) return this.say("Rows are pasted on the page of the register.");
    const cell = document.activeElement.closest?.("tbody :is(th, td)");
    form.elements.text.value = text;
    form.elements.at.value = cell ? this.name(cell.parentElement) : "";
    form.elements.first.value = "";
    const key = cell ? this.key(cell) : this.fields[0];
    form.elements.field.value = key || this.fields[0];
    form.requestSubmit();
  }

  pressed(event) {
    const cell = event.target.closest("tbody :is(th, td)");
    if (!cell) return;
    if (event.altKey && ["ArrowUp", "ArrowDown"].includes(event.key) && !cell.classList.contains("cell-form")) {
      event.preventDefault();
      return this.step(cell.parentElement, event.key === "ArrowUp" ? -1 : 1);
    }
    if (cell.classList.contains("cell-form")) return this.pressedInForm(event, cell);
    if (event.key === "Escape") this.dropped = true;
    if (event.target !== cell || event.ctrlKey || event.metaKey || event.altKey) return;
    const moves = {
      ArrowLeft: () => this.beside(cell, -1), ArrowRight: () => this.beside(cell, 1),
      ArrowUp: () => this.above(cell, -1), ArrowDown: () => this.above(cell, 1),
      Home: () => this.cells(cell.parentElement)[0],
      End: () => this.cells(cell.parentElement).at(-1),
    };
    if (event.key === "Enter" || event.key === "F2") {
      event.preventDefault();
      this.open(cell);
    } else if (moves[event.key]) {
      event.preventDefault();
      this.focus(moves[event.key]());
    }
  }

  pressedInForm(event, cell) {
    if (event.key === "Escape") {
      event.preventDefault();
      this.focus(this.cancel());
      return;
    }
    const single = event.target.matches("textarea, select, input:not([type=checkbox])");
    if (event.key === "Tab" && single) {
      event.preventDefault();
      this.leave(event.shiftKey ? -1 : 1);
    } else if (event.key === "Enter" && event.ctrlKey) {
      event.preventDefault();
      cell.querySelector("form").requestSubmit();
    }
  }

  listen() {
    this.table.addEventListener("click", (event) => {
      if (event.target.closest("[data-cancel]")) {
        event.preventDefault();
        this.focus(this.cancel());
        return;
      }
      const cell = event.target.closest("tbody :is(th, td)");
      if (!cell || event.target.closest("a, button, form, .acts") || String(getSelection())) return;
      this.open(cell);
    });
    this.table.addEventListener("keydown", (event) => this.pressed(event));
    this.table.closest(".scroller").addEventListener("paste", (event) => this.pasted(event));
    this.marks.addEventListener("submit", (event) => {
      if (!event.submitter?.classList.contains("star")) return;
      event.preventDefault();
      this.star(event.submitter);
    });
    // A refused save comes back as the form with what is wrong.
    this.table.addEventListener("htmx:beforeSwap", (event) => {
      const { xhr } = event.detail;
      if ([400, 409, 422].includes(xhr.status) && xhr.responseText.includes("cell-form")) {
        event.detail.shouldSwap = true;
        event.detail.isError = false;
        this.then = 0;
      }
    });
    this.table.addEventListener("htmx:afterRequest", (event) => {
      const { xhr, requestConfig } = event.detail;
      if (requestConfig.verb !== "post") return;
      if (xhr.status === 200 && !this.form) return this.saved();
      this.then = 0;
      if (this.form && !event.detail.successful && !xhr.responseText?.includes("cell-form")) {
        this.say(
          xhr.status === 401
            ? "Not saved: you are signed out. What you typed is still here; sign in on another page."
            : "Not saved. What you typed is still here; try again.",
        );
      }
      this.form?.querySelector("textarea, select, input:not([type=hidden])")?.focus();
    });
  }
}

if (table) new Entries(table);
