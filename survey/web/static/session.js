/* Says before the session ends, in every tab of the browser, and lets one go on; what is typed stays on the page either way. */
const box = document.getElementById("phien-sap-het");
const { account, address } = box.dataset;
const WATCH = 5000; // milliseconds between looks at the clock
const NAME = "sansangso:phien:" + account; // when the server last heard of this person, from any tab
const idle = Number(box.dataset.idle) * 1000;
const warn = Number(box.dataset.warn) * 1000;
const latest = Date.now() + Number(box.dataset.most) * 1000; // whatever is done
let heard = Date.now();

function remember(moment) {
  heard = Math.max(heard, moment);
  try { localStorage.setItem(NAME, String(heard)); } catch { /* other tabs will ask for themselves */ }
}

function lastHeard() {
  try { return Math.min(Date.now(), Math.max(heard, Number(localStorage.getItem(NAME)) || 0)); } catch { return heard; }
}

function show() {
  const ends = Math.min(lastHeard() + idle, latest);
  const left = ends - Date.now();
  const over = left <= 0;
  const state = over ? "over" : latest <= lastHeard() + idle ? "latest" : "idle";
  box.hidden = left > warn;
  if (box.hidden || box.dataset.state === state) { return; }
  box.dataset.state = state;
  const at = new Date(ends).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
  box.querySelector("[data-words]").textContent = (state === "idle" ? box.dataset.idleWords : box.dataset[state]).replace("{time}", at);
  box.querySelector("button").hidden = state !== "idle";
  box.querySelector("a").hidden = state === "idle";
}

/* Ask the server whether one is still signed in, which counts as being there. */
async function stay() {
  try {
    const response = await fetch(address, { credentials: "same-origin", headers: { Accept: "application/json" } });
    const told = await response.json();
    if (told.signed_in && String(told.account) === account) { remember(Date.now()); }
  } catch { /* the network: asked again by the next press */ }
  box.dataset.state = "";
  show();
}

remember(Date.now());
box.querySelector("button").addEventListener("click", stay);
document.addEventListener("sansangso:heard", () => { remember(Date.now()); show(); });
window.addEventListener("storage", (event) => { if (event.key === NAME) { box.dataset.state = ""; show(); } });
window.addEventListener("focus", show);
setInterval(show, WATCH);
