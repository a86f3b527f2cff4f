/* The queue of changes: one request at a time, the newest text of each field, tried again with growing pauses until it is acknowledged. */
const PAUSES = [1000, 2000, 4000, 8000, 15000, 30000]; // milliseconds between tries
const PATIENCE = 20000; // milliseconds that an answer may take

export class Saver {
  constructor(options) {
    this.options = options;
    this.waiting = new Map(); // key → text, not sent yet
    this.sent = null; // Map of the request under way
    this.tries = 0;
    this.timer = 0;
    this.blocked = false; // locked or refused: sending again would not help
    this.leaving = false;
    this.signedOut = false;
    this.listeners = [];
    window.addEventListener("online", () => this.now());
    window.addEventListener("focus", () => { if (this.signedOut) { this.now(); } });
  }

  get busy() { return this.waiting.size > 0 || this.sent !== null; }

  holds(key) { return this.waiting.has(key) || (this.sent !== null && this.sent.has(key)); }

  typing() { if (!this.busy) { this.options.onState("typing"); } }

  add(key, typed) {
    this.waiting.set(key, typed);
    if (!this.sent && !this.timer && !this.blocked) { this.send(); }
  }

  drop(key) { this.waiting.delete(key); }

  /* Try at once, whatever pause is running. */
  now() {
    clearTimeout(this.timer);
    this.timer = 0;
    if (!this.sent && this.waiting.size && !this.blocked) { this.send(); }
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
    this.sent = this.waiting;
    this.waiting = new Map();
    this.options.onState("saving");
    const changes = Array.from(this.sent, ([key, typed]) => ({ key, typed, seen: this.options.seen(key) }));
    let response = null;
    let told = null;
    try {
      response = await fetch(this.options.address, {
        method: "POST",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": this.options.token() },
        body: JSON.stringify({ changes }),
        signal: AbortSignal.timeout(PATIENCE),
      });
      told = await response.json();
    } catch {
      return this.again("failed");
    }
    return this.answered(response, told);
  }

  async answered(response, told) {
    if (told.answers) {
      const sent = this.sent;
      this.sent = null;
      this.tries = 0;
      this.signedOut = false;
      this.options.onAnswer(told, sent);
      const met = told.answers.some((answer) => answer.outcome === "conflict");
      if (this.waiting.size) { return this.send(); }
      this.options.onState(met ? "conflict" : "saved", told);
      return this.settle(met ? "reject" : "resolve");
    }
    if (response.status === 401 || told.error === "stale_form") { return this.renew(); }
    if (response.status >= 500 || response.status === 429) { return this.again("failed"); }
    this.putBack();
    this.blocked = true;
    this.options.onState(response.status === 409 || response.status === 404 ? "locked" : "refused", told);
    return this.settle("reject");
  }

  putBack() {
    this.sent.forEach((typed, key) => { if (!this.waiting.has(key)) { this.waiting.set(key, typed); } });
    this.sent = null;
  }

  again(state) {
    this.putBack();
    this.options.onState(state);
    this.settle("reject");
    this.timer = setTimeout(() => { this.timer = 0; this.send(); }, PAUSES[Math.min(this.tries, PAUSES.length - 1)]);
    this.tries += 1;
  }

  /* The session has ended or another one has begun: take its token if it is the same person's, else ask to sign in. */
  async renew() {
    this.putBack();
    let told = { signed_in: false };
    try {
      const response = await fetch(this.options.session, { credentials: "same-origin", headers: { Accept: "application/json" } });
      told = await response.json();
    } catch { /* as if nobody were signed in */ }
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
