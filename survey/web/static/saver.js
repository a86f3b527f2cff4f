/* The queue of changes: one request at a time, the newest text of each field, tried again with growing pauses until it is acknowledged.
   A request whose answer did not come may have been done: it is sent again as it was, under the same id, before anything newer. */
const PAUSES = [1000, 2000, 4000, 8000, 15000, 30000]; // milliseconds between tries
const PATIENCE = 20000; // milliseconds that an answer may take

function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Saver {
  constructor(options) {
    this.options = options;
    this.waiting = new Map(); // key → text, not sent yet
    this.sent = null; // {id, changes} sent and not acknowledged yet
    this.flying = false; // whether its request is under way
    this.old = new Set(); // their ids
    this.before = []; // such requests of an earlier visit to the page, to be sent again first
    this.tries = 0;
    this.timer = 0;
    this.blocked = false; // locked or refused: sending again would not help
    this.leaving = false;
    this.signedOut = false;
    this.listeners = [];
    window.addEventListener("online", () => this.now());
    window.addEventListener("focus", () => { if (this.signedOut) { this.now(); } });
  }

  get busy() { return this.waiting.size > 0 || this.sent !== null || this.before.length > 0; }

  holds(key) { return this.waiting.has(key) || (this.sent !== null && this.sent.changes.some((change) => change.key === key)); }

  typing() { if (!this.busy) { this.options.onState("typing"); } }

  add(key, typed) {
    this.waiting.set(key, typed);
    if (!this.flying && !this.timer && !this.blocked) { this.send(); }
  }

  /* Requests that an earlier visit left without an answer. */
  resume(batches) {
    if (!batches.length) { return; }
    this.before.push(...batches);
    this.old = new Set(batches.map((batch) => batch.id));
    if (!this.flying && !this.timer && !this.blocked) { this.send(); }
  }

  /* Nothing more is to be sent of this field where what waits is this very text. */
  dropSame(key, typed) { if (this.waiting.get(key) === typed) { this.waiting.delete(key); } }

  /* Try at once, whatever pause is running. */
  now() {
    clearTimeout(this.timer);
    this.timer = 0;
    if (!this.flying && this.busy && !this.blocked) { this.send(); }
  }

  /* Resolves when everything is acknowledged, rejects when it cannot be now. */
  flush() {
    if (!this.busy) { return Promise.resolve(); }
    if (this.blocked) { return Promise.reject(new Error("blocked")); }
    return new Promise((resolve, reject) => {
      this.listeners.push({ resolve, reject });
      this.now();
    });
  }

  settle(name) {
    const listeners = this.listeners;
    this.listeners = [];
    listeners.forEach((listener) => listener[name]());
  }

  async send() {
    this.sent = this.sent || this.before.shift() || this.fresh();
    this.flying = true;
    this.options.onState("saving");
    let response = null;
    let told = null;
    try {
      response = await fetch(this.options.address, {
        method: "POST",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": this.options.token() },
        body: JSON.stringify(this.sent),
        signal: AbortSignal.timeout(PATIENCE),
      });
      told = await response.json();
    } catch {
      return this.again("failed");
    } finally {
      this.flying = false;
    }
    return this.answered(response, told);
  }

  /* A new request of everything that waits, kept in the browser before it is sent. */
  fresh() {
    const changes = Array.from(this.waiting, ([key, typed]) => ({ key, typed, seen: this.options.seen(key) }));
    this.waiting = new Map();
    const made = { id: newId(), changes };
    this.options.shelf.keepSent(made);
    return made;
  }

  async answered(response, told) {
    if (told.answers) {
      document.dispatchEvent(new Event("sansangso:heard")); // see session.js
      const sent = new Map(this.sent.changes.map(({ key, typed }) => [key, typed]));
      this.options.shelf.forgetSent(this.sent.id);
      this.sent = null;
      this.tries = 0;
      this.signedOut = false;
      this.options.onAnswer(told, sent);
      const met = told.answers.some((answer) => answer.outcome === "conflict");
      if (this.waiting.size || this.before.length) { return this.send(); }
      this.options.onState(met ? "conflict" : "saved", told);
      return this.settle(met ? "reject" : "resolve");
    }
    if (response.status === 401 || told.error === "stale_form") { return this.renew(); }
    if (response.status >= 500 || response.status === 429) { return this.again("failed"); }
    const old = this.old.has(this.sent.id) && response.status !== 409 && response.status !== 404;
    this.putBack();
    if (old) { return this.send(); } // what waits is sent anew, with an id of its own
    this.blocked = true;
    this.options.onState(response.status === 409 || response.status === 404 ? "locked" : "refused", told);
    return this.settle("reject");
  }

  /* The server has refused it: nothing of it was done. */
  putBack() {
    this.sent.changes.forEach(({ key, typed }) => { if (!this.waiting.has(key)) { this.waiting.set(key, typed); } });
    this.options.shelf.forgetSent(this.sent.id);
    this.sent = null;
  }

  again(state) {
    this.options.onState(state);
    this.settle("reject");
    this.timer = setTimeout(() => { this.timer = 0; this.send(); }, PAUSES[Math.min(this.tries, PAUSES.length - 1)]);
    this.tries += 1;
  }

  /* The session has ended or another one has begun: take its token if it is the same person's, else ask to sign in. */
  async renew() {
    let told = { signed_in: false };
    this.flying = true;
    try {
      const response = await fetch(this.options.session, { credentials: "same-origin", headers: { Accept: "application/json" } });
      told = await response.json();
    } catch { /* as if nobody were signed in */ }
    this.flying = false;
    if (told.signed_in && String(told.account) === this.options.account && this.tries < PAUSES.length) {
      this.options.setToken(told.csrf);
      this.tries += 1;
      return this.send();
    }
    this.signedOut = true;
    this.options.onState(told.signed_in ? "other_account" : "signed_out");
    this.settle("reject");
    this.timer = setTimeout(() => { this.timer = 0; this.send(); }, PAUSES[PAUSES.length - 1]);
    return undefined;
  }
}
