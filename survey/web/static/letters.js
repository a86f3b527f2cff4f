// The print button of letters: there only where scripts run.
const button = document.getElementById("in-thu");
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
