/* Unsaved text, kept in this browser until the server has acknowledged it; each account and phiếu has a shelf of its own.
   Tabs share it: each takes away only what it has put there or found there itself, and what was typed last stays. */
const SENT = "#"; // begins the names of requests; no field's key does

export class Shelf {
  constructor(name) {
    this.prefix = "sansangso:" + name + ":";
    this.mine = new Map(); // key → {typed, at} as this tab kept or found it; `at` is when it was typed, in milliseconds
  }

  keep(key, typed, revision) {
    const before = this.mine.get(key);
    const at = before && before.typed === typed ? before.at : Date.now();
    this.mine.set(key, { typed, at });
    const kept = this.find(key);
    if (kept && kept.at > at) { return; } // another tab has a later one
    try { localStorage.setItem(this.prefix + key, JSON.stringify({ typed, revision, at })); } catch { /* full or forbidden: the page still has it */ }
  }

  /* Nothing more is to be kept of a field by this tab; a text that another tab has put there stays. */
  forget(key) {
    const kept = this.find(key);
    const mine = this.mine.get(key);
    if (kept && mine && kept.typed === mine.typed) { this.remove(key); }
    this.mine.delete(key);
  }

  remove(name) {
    try { localStorage.removeItem(this.prefix + name); } catch { /* nothing was kept */ }
  }

  /* What is kept of one field, undefined where there is nothing. */
  typed(key) {
    const found = this.find(key);
    return found && found.typed;
  }

  find(key) { return this.all().find((one) => one.key === key); }

  /* Everything that is kept, which from now on is this tab's to send. */
  take() {
    const found = this.all();
    found.forEach(({ key, typed, at }) => this.mine.set(key, { typed, at }));
    return found;
  }

  all() {
    return this.entries((name) => !name.startsWith(SENT)).map(([key, { typed, revision, at }]) => ({ key, typed: String(typed), revision: Number(revision) || 0, at: Number(at) || 0 }));
  }

  /* A request that was sent, until its answer has come. */
  keepSent({ id, changes }) {
    try { localStorage.setItem(this.prefix + SENT + id, JSON.stringify({ changes })); } catch { /* as above */ }
  }

  forgetSent(id) { this.remove(SENT + id); }

  allSent() {
    return this.entries((name) => name.startsWith(SENT)).filter(([, kept]) => Array.isArray(kept.changes)).map(([name, { changes }]) => ({ id: name.slice(SENT.length), changes }));
  }

  entries(wanted) {
    const found = [];
    try {
      for (let i = 0; i < localStorage.length; i += 1) {
        const name = localStorage.key(i);
        const own = name.slice(this.prefix.length);
        if (name.startsWith(this.prefix) && wanted(own)) { found.push([own, JSON.parse(localStorage.getItem(name))]); }
      }
    } catch { /* unreadable: as if there were none */ }
    return found;
  }
}
