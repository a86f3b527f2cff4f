/* Unsaved text, kept in this browser until the server has acknowledged it; each account and phiếu has a shelf of its own. */
const SENT = "#"; // begins the names of requests; no field's key does

export class Shelf {
  constructor(name) { this.prefix = "sansangso:" + name + ":"; }

  keep(key, typed, revision) {
    try { localStorage.setItem(this.prefix + key, JSON.stringify({ typed, revision })); } catch { /* full or forbidden: the page still has it */ }
  }

  forget(key) {
    try { localStorage.removeItem(this.prefix + key); } catch { /* nothing was kept */ }
  }

  /* What is kept of one field, undefined where there is nothing. */
  typed(key) {
    const found = this.all().find((one) => one.key === key);
    return found && found.typed;
  }

  all() {
    return this.entries((name) => !name.startsWith(SENT)).map(([key, { typed, revision }]) => ({ key, typed: String(typed), revision: Number(revision) || 0 }));
  }

  /* A request that was sent, until its answer has come. */
  keepSent({ id, changes }) {
    try { localStorage.setItem(this.prefix + SENT + id, JSON.stringify({ changes })); } catch { /* as above */ }
  }

  forgetSent(id) { this.forget(SENT + id); }

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
