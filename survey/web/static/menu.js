/* Menus are <details> and work without this; here they also close on Escape, on a press outside, and when another opens. */
(function () {
  "use strict";
  const menus = () => Array.from(document.querySelectorAll("details.menu[open]"));
  const closeOthers = (kept) => menus().forEach((menu) => { if (menu !== kept) { menu.open = false; } });

  document.addEventListener("click", (event) => {
    closeOthers(event.target.closest("details.menu"));
  });
  document.addEventListener("focusin", (event) => {
    closeOthers(event.target.closest("details.menu"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") { return; }
    menus().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
  });
  const summary = document.querySelector("#loi[autofocus]");
  if (summary) { summary.focus(); }
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
})();
