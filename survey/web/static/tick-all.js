// One box that ticks and unticks all the boxes of a form; without scripts it is not shown.
"use strict";
for (const part of document.querySelectorAll("[data-tick-all]")) {
  const all = part.querySelector("input");
  const boxes = [...all.form.querySelectorAll(`input[name='${part.dataset.tickAll}']`)];
  const tell = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && !all.checked;
  };
  all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; });
  for (const box of boxes) box.addEventListener("change", tell);
  tell();
  part.hidden = boxes.length < 2;
}
