// Who else has this section open, and whether a newer text was saved.

const EVERY = 10_000; // milliseconds
const ANNOUNCED = 60_000; // the list is read aloud at most this often
const WRITES = 30_000; // somebody writes who typed within this time

export class Presence {
  // ``owner`` has token(), typed, and news(answer), signedOut().
  constructor(address, place, owner) {
    Object.assign(this, { address, place, owner, missed: 0, said: 0, words: "" });
    this.line = document.createElement("span");
    this.aloud = document.createElement("span");
    this.aloud.className = "sr";
    this.aloud.setAttribute("role", "status");
    this.place?.append(this.line, this.aloud);
    const tell = () => document.visibilityState === "visible" && this.tell();
    this.timer = setInterval(tell, EVERY);
    addEventListener("focus", tell);
    document.addEventListener("visibilitychange", tell);
    this.tell();
  }

  async tell() {
    if (this.busy || this.stopped) return;
    this.busy = true;
    const form = new URLSearchParams({ csrfmiddlewaretoken: this.owner.token() });
    if (Date.now() - this.owner.typed < WRITES) form.set("writes", "1");
    try {
      const answer = await fetch(this.address, {
        method: "POST",
        body: form,
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(8000),
      });
      if (answer.status === 401) return this.owner.signedOut();
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const news = await answer.json();
      this.missed = 0;
      this.show(news.present || []);
      if (news.gone) this.stopped = true;
      await this.owner.news(news);
    } catch {
      this.missed += 1;
      if (this.missed > 2) this.show([]);
    } finally {
      this.busy = false;
    }
  }

  show(present) {
    const others = present.filter((person) => !person.me);
    const names = others.map(({ agency, post, writes }) => {
      const name = !agency || post?.startsWith(agency) ? post : [agency, post].filter(Boolean).join(" ");
      return name + (writes ? " (writing)" : "");
    });
    const words = names.length ? `Here now: ${names.join(", ")}` : "";
    this.line.textContent = words;
    if (this.place) this.place.hidden = !words;
    const now = Date.now();
    if (words !== this.words && now - this.said > ANNOUNCED) {
      this.aloud.textContent = words || "Nobody else is here.";
      this.words = words;
      this.said = now;
    }
  }
}
