// Text kept on this device until the server has it. Each open page keeps its own, so that two
// tabs on one section do not write over each other; what a closed page left is found again.

const STALE = 90_000; // milliseconds without a sign of life, where the browser has no locks

export class Keeper {
  // ``name`` is the same for all pages of one person on one section.
  constructor(name) {
    this.name = name;
    const random = crypto.getRandomValues(new Uint32Array(2));
    this.key = `${name}#${random[0].toString(36)}${random[1].toString(36)}`;
    this.refused = false;
    try {
      this.former = sessionStorage.getItem(name);
      sessionStorage.setItem(name, this.key);
    } catch {
      this.former = null;
    }
    // The lock lives as long as the page; whoever finds it held leaves the text alone.
    navigator.locks?.request(this.key, () => new Promise(() => {})).catch(() => {});
    this.beat = setInterval(() => this.kept && this.put(this.kept), 20_000);
  }

  // Keep ``text`` ({html, revision}). False when the device is full or refuses.
  put(text) {
    this.kept = text;
    try {
      localStorage.setItem(this.key, JSON.stringify({ ...text, at: Date.now() }));
      this.refused = false;
    } catch {
      this.refused = true;
    }
    return !this.refused;
  }

  drop() {
    this.kept = null;
    this.refused = false;
    this.remove(this.key);
  }

  remove(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // Nothing was kept where nothing can be kept.
    }
  }

  // What closed pages of this person left of this section, the newest first.
  async found() {
    let alive = null;
    if (navigator.locks) {
      const { held } = await navigator.locks.query();
      alive = new Set(held.map((lock) => lock.name));
    }
    const left = [];
    try {
      for (let i = 0; i < localStorage.length; i += 1) {
        const key = localStorage.key(i);
        if (!key.startsWith(`${this.name}#`) || key === this.key) continue;
        const text = this.read(key);
        if (!text) continue;
        const open = alive
          ? alive.has(key)
          : key !== this.former && Date.now() - text.at < STALE;
        if (!open) left.push({ key, ...text });
      }
    } catch {
      return [];
    }
    return left.sort((a, b) => b.at - a.at);
  }

  read(key) {
    try {
      const text = JSON.parse(localStorage.getItem(key));
      return typeof text?.html === "string" ? text : null;
    } catch {
      return null;
    }
  }
}
