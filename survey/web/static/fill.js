/* The page of a group saves by itself: every change is queued, sent, tried again, and kept in the browser until it is acknowledged. */
import { Saver } from "./saver.js";
import { Shelf } from "./shelf.js";
import { showAnswers, takeTheirs, sayState } from "./fill-show.js";
import { sendPart } from "./fill-part.js";

const PAUSE = 900; // milliseconds without typing before a text is saved

const form = document.getElementById("phieu");
const say = JSON.parse(form.dataset.say);
const shelf = new Shelf(form.dataset.shelf);
const typing = new Map(); // key → timer
const seen = new Map(); // key → revision that this page knows
const known = new Map(); // key → text that the server has
const loaded = new Map(); // key → {revision, typed} as the page was loaded

const controlsOf = (key) => Array.from(form.querySelectorAll("[data-key]")).filter((control) => control.dataset.key === key);
const SHOWN = { note: "t.", unproven: "w.", place: "o." }; // of the texts beside the answers
const hiddenOf = (key) => form.elements.namedItem((SHOWN[key.split(":")[0]] || "s.") + key.replace(/^(note|unproven|place):/, ""));

/* The text of an input as the server understands it: codes of ticks joined by ";". */
function read(key) {
  const controls = controlsOf(key);
  const ticked = controls.filter((control) => control.checked).map((control) => control.value);
  if (controls[0].type === "radio") { return ticked[0] || ""; }
  if (controls[0].type === "checkbox") { return ticked.sort().join(";"); }
  return controls[0].value.trim();
}

function write(key, typed) {
  const parts = typed.split(";");
  for (const control of controlsOf(key)) {
    if (control.type === "radio") { control.checked = control.value === typed; }
    else if (control.type === "checkbox") { control.checked = typed !== "" && parts.includes(control.value); }
    else { control.value = typed; }
  }
}

function learn(root) {
  for (const control of root.querySelectorAll("[data-key]")) {
    const key = control.dataset.key;
    const [revision, ...text] = hiddenOf(key).value.split(":");
    seen.set(key, Number(revision));
    known.set(key, text.join(":").trim());
    loaded.set(key, { revision: Number(revision), typed: known.get(key) });
  }
}

function note(key, revision, typed) {
  seen.set(key, revision);
  known.set(key, typed);
  const hidden = hiddenOf(key);
  if (hidden) { hidden.value = revision + ":" + typed; }
}

/* What the server tells of a field that was saved as `sent`; its newest text is another one where this was a save of long ago. */
function takeIn(answer, sent) {
  const key = answer.key;
  const still = controlsOf(key).length ? read(key) : shelf.typed(key);
  const newest = loaded.get(key);
  const late = newest && newest.revision > answer.revision;
  saver.dropSame(key, sent);
  if (still !== sent) { note(key, answer.revision, answer.typed); return; }
  const { revision, typed } = late ? newest : answer;
  note(key, revision, typed);
  shelf.forget(key);
  if (!controlsOf(key).includes(document.activeElement)) { write(key, typed); }
}

let lastSaved = null; // what the server last told
const words = document.getElementById("save-words");
const atFirst = { dot: document.querySelector("[data-dot]").dataset.dot, words: words.cloneNode(true) };

/* "Saved" is said only where nothing waits: no text under the hands, no two values that somebody has to choose from. */
function tell(state, extra) {
  const open = form.querySelector("[data-conflict]:not([hidden])");
  if (state === "saved" && typing.size) { sayState(form, say, "typing", null, saver); }
  else if (state === "saved" && open) { sayState(form, say, "conflict", { code: open.closest("[data-indicator]").dataset.indicator }, saver); }
  else { sayState(form, say, state, extra, saver); }
}

const saver = new Saver({
  shelf,
  address: form.dataset.save,
  session: form.dataset.session,
  token: () => form.elements.csrf_token.value,
  setToken: (token) => document.querySelectorAll("input[name=csrf_token]").forEach((input) => { input.value = token; }),
  account: form.dataset.shelf.split(":")[0],
  seen: (key) => seen.get(key) || 0,
  onState: tell,
  onAnswer: (told, sent) => {
    for (const answer of told.answers) { if (answer.outcome !== "conflict") { takeIn(answer, sent.get(answer.key)); } }
    lastSaved = { ...told, answers: told.answers.filter((answer) => answer.outcome !== "conflict") };
    showAnswers(form, say, told, { controlsOf });
  },
});

function change(key) {
  clearTimeout(typing.get(key));
  typing.delete(key);
  const typed = read(key);
  if (typed === known.get(key) && !saver.holds(key)) { shelf.forget(key); settled(); return; }
  shelf.keep(key, typed, seen.get(key) || 0);
  saver.add(key, typed);
}

/* After a conflict was settled by taking theirs, or a text was typed back to what it was: all is as the server has it. */
function settled() {
  if (saver.busy) { return; }
  if (lastSaved || typing.size) { tell("saved", lastSaved); return; }
  document.querySelector("[data-dot]").dataset.dot = atFirst.dot;
  words.replaceChildren(...atFirst.words.cloneNode(true).childNodes);
}

/* What was answered the period before is still right: into the fields that are blank. */
function takeLast(button) {
  const last = Object.entries(JSON.parse(button.dataset.same)).filter(([key]) => controlsOf(key).length && read(key) === "");
  last.forEach(([key, typed]) => { write(key, typed); change(key); });
  const card = button.closest("[data-indicator]");
  offerLast(card);
  card.querySelector("[data-key]").focus();
}

/* Offered while nothing of the indicator is typed. */
function offerLast(card) {
  const button = card.querySelector("[data-same]");
  if (!button) { return; }
  const keys = Object.keys(JSON.parse(button.dataset.same)).filter((key) => controlsOf(key).length);
  button.hidden = keys.some((key) => read(key) !== "");
}

function isNothing(control) { return control.type === "checkbox" && control.value === "-"; }

form.addEventListener("input", (event) => {
  const key = event.target.dataset.key;
  if (!key || event.target.type === "radio" || event.target.type === "checkbox") { return; }
  shelf.keep(key, read(key), seen.get(key) || 0);
  saver.typing();
  clearTimeout(typing.get(key));
  typing.set(key, setTimeout(() => change(key), PAUSE));
});

form.addEventListener("change", (event) => {
  const control = event.target;
  const key = control.dataset.key;
  if (!key) { return; }
  if (control.type === "checkbox" && control.checked) {
    controlsOf(key).forEach((other) => { if (isNothing(control) !== isNothing(other)) { other.checked = false; } });
  }
  const blank = form.querySelector('[data-blank="' + CSS.escape(key) + '"]');
  if (blank) { blank.hidden = read(key) === ""; }
  change(key);
  offerLast(control.closest("[data-indicator]"));
});

form.addEventListener("focusout", (event) => {
  if (event.target.dataset.key && typing.has(event.target.dataset.key)) { change(event.target.dataset.key); }
});

/* Buttons inside the page: some are done here, some send the page and take one card of the answer, the rest are plain posts. */
form.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) { return; }
  if (button.dataset.blank) {
    event.preventDefault();
    write(button.dataset.blank, "");
    button.hidden = true;
    change(button.dataset.blank);
    offerLast(button.closest("[data-indicator]"));
  } else if (button.dataset.same) {
    event.preventDefault();
    takeLast(button);
  } else if (button.dataset.keep) {
    event.preventDefault();
    const card = button.closest("[data-indicator]");
    takeTheirs(card, button.dataset.keep, { note, write, saver, shelf, read, settled });
  }
});

form.addEventListener("submit", (event) => {
  const button = event.submitter;
  for (const key of Array.from(typing.keys())) { change(key); }
  if (button && button.dataset.partial) {
    event.preventDefault();
    saver.flush().then(() => sendPart(form, button, (card) => learn(card)), () => {});
  } else if (button && button.value === "save") {
    event.preventDefault();
    saver.flush().catch(() => {});
  } else {
    event.preventDefault();
    saver.flush().then(() => { saver.leaving = true; sendWhole(button); }, () => {});
  }
});

function sendWhole(button) {
  const name = document.createElement("input");
  name.type = "hidden";
  name.name = "do";
  name.value = button ? button.value : "save";
  form.append(name);
  form.submit();
}

window.addEventListener("beforeunload", (event) => {
  if (!saver.leaving && (saver.busy || typing.size)) { event.preventDefault(); }
});
window.addEventListener("pagehide", () => { for (const key of Array.from(typing.keys())) { shelf.keep(key, read(key), seen.get(key) || 0); } });

learn(form);
const here = shelf.take().filter(({ key }) => controlsOf(key).length);
const back = here.filter(({ key, typed }) => typed !== known.get(key));
here.filter(({ key, typed }) => typed === known.get(key)).forEach(({ key }) => shelf.forget(key));
for (const { key, typed, revision } of back) {
  write(key, typed);
  seen.set(key, revision);
}
saver.resume(shelf.allSent());
back.forEach(({ key, typed }) => saver.add(key, typed));
if (back.length) { tell("restored", { count: back.length }); }
