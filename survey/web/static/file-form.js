/* The form for the file of one document: sent with progress; what is wrong is said at its field and the file stays chosen. */
import { Upload, hasFile } from "./upload.js";

const form = document.querySelector("[data-file-form]");
let running = null;

function clear() {
  form.querySelectorAll("[data-said]").forEach((line) => line.remove());
  form.querySelectorAll("[aria-invalid]").forEach((control) => control.removeAttribute("aria-invalid"));
}

function tell(field, sentence) {
  const control = document.getElementById("tep-" + field) || document.getElementById("tep-file");
  const line = document.createElement("p");
  line.className = "field-error";
  line.dataset.said = "";
  line.id = control.id + "-said";
  line.setAttribute("role", "alert");
  line.textContent = sentence;
  control.closest(".field").prepend(line);
  control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-describedby", line.id);
  return control;
}

/* The second confirmation is asked for only where the name of the file calls for it: the page without scripts has it then. */
function askAgain() {
  if (document.getElementById("tep-marks_checked")) { return; }
  const first = document.getElementById("tep-not_secret").closest(".field");
  const more = first.cloneNode(true);
  more.querySelectorAll("[data-said]").forEach((line) => line.remove());
  const box = more.querySelector("input");
  Object.assign(box, { id: "tep-marks_checked", name: "e.marks_checked", checked: false });
  const label = more.querySelector("label");
  label.htmlFor = box.id;
  label.textContent = form.dataset.marksLabel;
  first.after(more);
}

if (form) {
  form.addEventListener("submit", async (event) => {
    const data = new FormData(form);
    if (!hasFile(data)) { return; } // the server says so
    event.preventDefault();
    if (running) { return; }
    clear();
    if (!document.getElementById("tep-not_secret").checked) { tell("not_secret", form.dataset.tick).focus(); return; }
    running = new Upload(form.querySelector("[data-upload]"), form.action, data, "application/json");
    const { status, text } = await running.run();
    running = null;
    let told = {};
    try { told = JSON.parse(text); } catch { /* said already */ }
    if (told.next) { window.location.assign(told.next); return; }
    const faults = Object.entries(told.faults || (told.sentence ? { file: told.sentence } : {}));
    if (status && !faults.length) { form.submit(); return; }
    if (faults.some(([field]) => field === "marks_checked")) { askAgain(); }
    const controls = faults.map(([field, sentence]) => tell(field, sentence));
    if (controls.length) { controls[0].focus(); }
  });
}
