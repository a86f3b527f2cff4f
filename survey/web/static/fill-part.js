/* Buttons that change one card (documents, không áp dụng): the page is sent as without scripts, and one card of the answer is taken. */
import { Upload, hasFile } from "./upload.js";

let sending = false; // a file

export async function sendPart(form, button, learn) {
  const data = new FormData(form);
  data.set("do", button.value);
  const code = button.dataset.partial;
  const chosen = form.elements.namedItem("e.file");
  const tick = form.elements.namedItem("e.not_secret");
  const file = button.value.startsWith("add:") && hasFile(data) && tick.checked; // without the tick nothing is taken: it need not travel
  if (!file) { data.delete("e.file"); }
  if (sending) { return; }
  let page = null;
  if (file) {
    sending = true;
    const answer = await new Upload(form.querySelector("[data-upload]"), form.action, data, "text/html").run();
    sending = false;
    if (!answer.status) { chosen.focus(); return; }
    page = new DOMParser().parseFromString(answer.text, "text/html");
  } else {
    try {
      const response = await fetch(form.action, { method: "POST", body: data, credentials: "same-origin", headers: { Accept: "text/html" } });
      page = new DOMParser().parseFromString(await response.text(), "text/html");
    } catch { /* the network: the plain way will say so */ }
  }
  const fresh = page && page.getElementById(code);
  const card = document.getElementById(code);
  if (!fresh) {
    const name = document.createElement("input");
    name.type = "hidden";
    name.name = "do";
    name.value = button.value;
    form.append(name);
    form.submit();
    return;
  }
  const opened = document.querySelector(".add-document");
  if (opened && !card.contains(opened)) { opened.remove(); }
  card.replaceWith(document.adoptNode(fresh));
  const again = fresh.querySelector("[name='e.file']");
  if (chosen && again) { again.files = chosen.files; } // what was wrong is put right, the file need not be chosen again
  learn(fresh);
  for (const place of ["[data-total]", "[data-group-points]"]) {
    const from = page.querySelector(place);
    const to = document.querySelector(place);
    if (from && to) { to.textContent = from.textContent; }
  }
  const wrong = fresh.querySelector("[aria-invalid]");
  const added = fresh.querySelector(".add-document select, .add-document input:not([type=hidden])");
  (wrong || added || fresh).focus();
}
