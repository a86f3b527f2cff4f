/* Unsaved text, kept in this browser until the server has acknowledged it; each account and phiếu has a shelf of its own. */
export class Shelf {
  constructor(name) { this.prefix = "sansangso:" + name + ":"; }

  keep(key, typed, revision) {
    try { localStorage.setItem(this.prefix + key, JSON.stringify({ typed, revision })); } catch { /* full or forbidden: the page still has it */ }
  }

  forget(key) {
    try { localStorage.removeItem(this.prefix + key); } catch { /* nothing was kept */ }
  }

  all() {
    const found = [];
    try {
      for (let i = 0; i < localStorage.length; i += 1) {
        const name = localStorage.key(i);
        if (!name.startsWith(this.prefix)) { continue; }
        const { typed, revision } = JSON.parse(localStorage.getItem(name));
        found.push({ key: name.slice(this.prefix.length), typed: String(typed), revision: Number(revision) || 0 });
      }
    } catch { /* unreadable: as if there were none */ }
    return found;
  }
}
