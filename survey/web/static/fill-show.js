/* What the page shows after a save: states, faults, points, reasons, conflicts, hidden questions. */
const cardOf = (form, code) => document.getElementById("cs-" + code);
const keyed = (root, attribute, key) => Array.from(root.querySelectorAll("[" + attribute + "]")).filter((e) => e.getAttribute(attribute) === key);

/* The one line that says whether everything is saved; it is read out. */
export function sayState(form, say, state, extra, saver) {
  const words = document.getElementById("save-words");
  const dot = document.querySelector("[data-dot]");
  dot.dataset.dot = state;
  words.textContent = "";
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  if (state === "saved") {
    const faulty = extra.answers.find((answer) => answer.fault);
    const whole = extra.indicators.find((one) => one.faults.length && cardOf(form, one.code));
    const code = faulty ? codeOf(form, faulty.key) : whole && whole.code;
    words.textContent = code ? fill(say.fault, { code }) : extra.saved;
  } else if (state === "conflict") {
    const code = extra.code || codeOf(form, extra.answers.find((answer) => answer.outcome === "conflict").key);
    words.textContent = fill(say.conflict, { code });
    append(words, "a", say.conflict_to, (link) => { link.href = "#xd-" + code; });
  } else if (state === "locked" || state === "refused") {
    words.textContent = extra && extra.sentence ? extra.sentence : say[state];
  } else {
    words.textContent = fill(say[state], extra || {});
  }
  if (state === "failed") { append(words, "button", say.again, (button) => button.addEventListener("click", () => saver.now())); }
  if (state === "signed_out" || state === "other_account") {
    append(words, "a", say.sign_in, (link) => { link.href = form.dataset.signIn; link.target = "_blank"; link.rel = "noopener"; });
  }
}

function append(parent, tag, text, prepare) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (tag === "button") { made.type = "button"; made.className = "btn-link-plain"; }
  prepare(made);
  parent.append(" ", made);
}

function codeOf(form, key) {
  const control = keyed(form, "data-key", key)[0];
  return control ? control.closest("[data-indicator]").dataset.indicator : key;
}

/* What has the focus and is in sight stays in sight, however much the lines above it grow. */
export function showAnswers(form, say, told, page) {
  const seen = isInSight(document.activeElement);
  putAnswers(form, say, told, page);
  if (seen && !isInSight(document.activeElement)) { document.activeElement.scrollIntoView({ block: "nearest" }); }
}

function isInSight(element) {
  const box = element.getBoundingClientRect();
  const bar = document.querySelector(".save-bar");
  return box.bottom > 0 && box.bottom <= (bar ? bar.getBoundingClientRect().top : window.innerHeight);
}

function putAnswers(form, say, told, page) {
  for (const answer of told.answers) {
    const controls = page.controlsOf(answer.key);
    if (!controls.length) { continue; }
    showFault(form, answer, controls);
    keyed(form, "data-mirror", answer.key).forEach((mirror) => { mirror.textContent = answer.shown || "–"; });
    const card = controls[0].closest("[data-indicator]");
    if (answer.outcome === "conflict") { showConflict(card, answer); } else { showSaved(card, told.saved); }
  }
  for (const one of told.indicators) { showIndicator(form, one); }
  for (const [code, text] of Object.entries(told.groups)) { keyed(document, "data-group-points", code).forEach((e) => { e.textContent = text; }); }
  document.querySelectorAll("[data-total]").forEach((total) => { total.textContent = told.total; });
}

function showFault(form, answer, controls) {
  const fault = answer.outcome === "conflict" ? "" : answer.fault;
  keyed(form, "data-error", answer.key).forEach((line) => { line.textContent = fault; line.hidden = !fault; });
  controls.forEach((control) => {
    if (control.type === "radio" || control.type === "checkbox") { return; }
    control.classList.toggle("is-invalid", Boolean(fault));
    if (fault) { control.setAttribute("aria-invalid", "true"); } else { control.removeAttribute("aria-invalid"); }
  });
}

function showSaved(card, words) {
  const mark = card.querySelector("[data-saved]");
  mark.hidden = false;
  mark.querySelector("[data-saved-words]").textContent = words;
}

function showIndicator(form, one) {
  const card = cardOf(form, one.code);
  if (!card) { return; }
  const why = card.querySelector("[data-why]");
  if (why) {
    why.querySelector("[data-why-headline]").textContent = one.headline;
    why.querySelector("[data-why-because]").textContent = one.because;
    why.classList.toggle("why-blank", one.missing);
    why.hidden = one.faults.length > 0;
  }
  const whole = card.querySelector("[data-whole-fault]");
  if (whole) { whole.textContent = one.faults.join(" "); whole.hidden = !one.faults.length; }
  const shown = Array.from(card.querySelectorAll("[data-error]")).some((line) => !line.hidden);
  card.classList.toggle("ind-error", shown || one.faults.length > 0);
  const question = card.querySelector("[data-question]");
  if (question) { question.querySelector("[data-question-words]").textContent = one.questions.join(" "); question.hidden = !one.questions.length; }
  const said = card.querySelector("[data-confirmed]");
  if (said) { said.hidden = !one.confirmed; }
  const paper = card.querySelector("[data-evidence-missing]");
  if (paper) {
    paper.hidden = !one.evidence_missing && !one.evidence_explained;
    paper.querySelector("[data-lacking]").hidden = one.evidence_explained;
    paper.querySelector("[data-explained]").hidden = !one.evidence_explained;
  }
  const people = card.querySelector("[data-people]");
  if (people) { people.textContent = one.people || "–"; }
  const ask = card.querySelector("[data-ask]");
  if (ask) { ask.hidden = !one.asked; }
  card.classList.toggle("ind-off", !one.asked);
  const off = card.querySelector("[data-off]");
  if (off && one.asked) { off.hidden = true; }
}

function showConflict(card, answer) {
  const box = card.querySelector("[data-conflict]");
  const held = heldBy(box);
  held[answer.key] = { revision: answer.revision, typed: answer.typed };
  box.dataset.held = JSON.stringify(held);
  const { heads, label } = answer.conflict;
  for (const whose of ["mine", "theirs"]) {
    box.querySelector('[data-conflict-head="' + whose + '"]').textContent = heads[whose];
    box.querySelector('[data-conflict-button="' + whose + '"]').textContent = whose === "mine" ? heads.keep : heads.use;
    putValue(box, whose, answer.key, label, answer.conflict[whose]);
  }
  box.hidden = false;
  box.querySelector("[data-conflict-lead]").textContent = heads.lead; // last, so that it is read out
}

function heldBy(box) { return JSON.parse(box.dataset.held || "{}"); }

/* One value in words under its label, in the place of the one that was there of the same answer. */
function putValue(box, whose, key, label, value) {
  const list = box.querySelector('[data-conflict-values="' + whose + '"]');
  let line = Array.from(list.children).find((one) => one.dataset.of === key);
  if (!line) {
    line = document.createElement("div");
    line.dataset.of = key;
    line.append(document.createElement("dt"), document.createElement("dd"));
    line.lastChild.className = "figure";
    list.append(line);
  }
  line.firstChild.textContent = label || box.querySelector("[data-answer-word]").dataset.answerWord;
  line.lastChild.textContent = value;
}

/* One of the two buttons of a conflict: keep one's own text over theirs, or take theirs. */
export function takeTheirs(card, kept, page) {
  const box = card.querySelector("[data-conflict]");
  const held = heldBy(box);
  for (const [key, theirs] of Object.entries(held)) {
    const mine = page.read(key);
    page.note(key, theirs.revision, theirs.typed);
    if (kept === "mine") { page.saver.add(key, mine); } else { page.write(key, theirs.typed); page.shelf.forget(key); }
  }
  delete box.dataset.held;
  box.hidden = true;
  box.querySelectorAll("dl").forEach((list) => list.replaceChildren());
  box.querySelector("[data-conflict-lead]").textContent = "";
  const first = card.querySelector("[data-key]");
  if (first) { first.focus(); }
  page.settled();
}
