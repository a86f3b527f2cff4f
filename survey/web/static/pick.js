// Keeps "all that the filter finds" and the boxes of single bodies from contradicting each other.
"use strict";
for (const form of document.querySelectorAll("form[data-pick]")) {
  const all = form.querySelector("input[name='tat-ca']");
  const boxes = [...form.querySelectorAll("input[name='phieu']")];
  if (!all) continue;
  all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; });
  for (const box of boxes) box.addEventListener("change", () => { if (!box.checked) all.checked = false; });
}
