/* Sends a form with a file: how far it has come is shown, it can be stopped, and sent again as it was, under the same key. */
const SILENCE = 60000; // milliseconds without any progress after which the network counts as lost

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/* Whether a file is chosen in the form. */
export function hasFile(data) {
  const file = data.get("e.file");
  return Boolean(file && file.name && file.size);
}

export class Upload {
  constructor(box, address, data, accept) {
    Object.assign(this, { box, address, data, accept, busy: false, last: null, over: false });
    this.say = JSON.parse(box.dataset.say);
    this.bar = box.querySelector("progress");
    this.words = box.querySelector("[data-upload-words]");
    this.stopButton = box.querySelector("[data-upload-stop]");
    this.againButton = box.querySelector("[data-upload-again]");
    this.stopButton.onclick = () => this.stop();
    this.againButton.onclick = () => this.send();
    this.online = () => { if (this.waiting) { this.send(); } };
    this.leave = (event) => { if (this.busy) { event.preventDefault(); } };
    window.addEventListener("online", this.online);
    window.addEventListener("beforeunload", this.leave);
  }

  /* Resolves with {status, text, address} once the server has answered for good; nothing before that is lost. */
  run() {
    return new Promise((resolve) => {
      this.resolve = resolve;
      const file = this.data.get("e.file");
      const largest = Number(this.box.dataset.largest);
      if (file.size > largest * 1048576) {
        this.show("large", { size: (file.size / 1048576).toFixed(1).replace(".", ","), largest });
        this.stopButton.hidden = this.againButton.hidden = this.bar.hidden = true;
        this.end({ status: 0, text: "", address: "" });
      } else {
        this.send();
      }
    });
  }

  end(answer) {
    this.busy = false;
    window.removeEventListener("online", this.online);
    window.removeEventListener("beforeunload", this.leave);
    this.resolve(answer);
  }

  show(name, values) {
    this.box.hidden = false;
    this.words.textContent = fill(this.say[name], values || {});
    this.words.classList.toggle("field-error", !["sending", "checking"].includes(name));
  }

  send() {
    if (this.busy) { return; }
    const request = new XMLHttpRequest();
    this.request = request;
    this.busy = true;
    this.waiting = false;
    this.bar.hidden = this.stopButton.hidden = false;
    this.againButton.hidden = true;
    this.bar.value = this.said = 0;
    this.show("sending", { percent: 0 });
    this.watch();
    request.upload.onprogress = (event) => {
      const percent = event.lengthComputable ? Math.floor((100 * event.loaded) / event.total) : 0;
      this.bar.value = percent;
      if (percent >= this.said + 10) { this.said = percent; this.show("sending", { percent }); } // read out, so not too often
      this.watch();
    };
    request.upload.onload = () => { this.show("checking"); this.watch(); };
    request.onload = () => this.answered(request);
    request.onerror = () => this.lost();
    request.open("POST", this.address);
    request.setRequestHeader("Accept", this.accept);
    request.send(this.data);
  }

  /* A network that says nothing any more is a lost one. */
  watch() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { this.request.onabort = null; this.request.abort(); this.lost(); }, SILENCE);
  }

  rest(name, waiting) {
    clearTimeout(this.timer);
    this.busy = false;
    this.waiting = waiting;
    this.stopButton.hidden = this.bar.hidden = true;
    this.againButton.hidden = false;
    this.show(name);
  }

  stop() { this.request.abort(); this.rest("stopped", false); this.againButton.focus(); }

  lost() { this.rest("failed", true); }

  answered(request) {
    clearTimeout(this.timer);
    const { status } = request;
    if (status === 401 || status === 400) { this.renew(); return; }
    if (status >= 500 || status === 429) { this.rest("broken", false); return; }
    if (status === 404 || (status === 409 && this.accept.includes("json"))) { this.rest("refused", false); return; }
    document.dispatchEvent(new Event("sansangso:heard")); // see session.js
    this.box.hidden = true;
    this.end({ status, text: request.responseText, address: request.responseURL });
  }

  /* The session has ended or another has begun: take the token of the present one, if there is one. */
  async renew() {
    let told = {};
    try { told = await (await fetch(this.box.dataset.session, { headers: { Accept: "application/json" } })).json(); } catch { /* the network */ }
    const own = told.signed_in && String(told.account) === this.box.dataset.account;
    if (own && told.csrf !== this.data.get("csrf_token")) {
      this.data.set("csrf_token", told.csrf);
      document.querySelectorAll("input[name=csrf_token]").forEach((input) => { input.value = told.csrf; });
      this.busy = false;
      this.send();
      return;
    }
    this.rest("signed_out", false);
  }
}
