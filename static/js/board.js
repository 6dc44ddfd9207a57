// The board: renews itself, and sends taps without leaving the page.
import { keepUp, source } from "./lib/live.js";
import { fold } from "./lib/text.js";

const SAID_FOR = 6000;

const board = /** @type {HTMLElement} */ (document.querySelector("[data-board]"));
const live = /** @type {HTMLElement} */ (board.querySelector("[data-live]"));
const said = /** @type {HTMLElement} */ (board.querySelector("[data-said]"));
const clock = /** @type {HTMLElement} */ (board.querySelector("[data-clock]"));
const words = board.dataset;

function filter() {
  const box = /** @type {HTMLInputElement | null} */ (live.querySelector("[data-board-filter]"));
  if (!box) return;
  const asked = fold(box.value).split(" ").filter(Boolean);
  for (const row of /** @type {NodeListOf<HTMLElement>} */ (live.querySelectorAll(".person"))) {
    if (!source.has(row)) source.set(row, row.outerHTML);
    const text = fold(row.querySelector(".person-who")?.textContent ?? "");
    row.hidden = !asked.every((word) => text.includes(word));
  }
}

/** @param {string} text */
function say(text) {
  said.textContent = text;
  setTimeout(() => {
    if (said.textContent === text) said.textContent = "";
  }, SAID_FOR);
}

/** @param {SubmitEvent} event */
async function send(event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
  if (form.id !== "act" || !button) return;
  event.preventDefault();
  button.disabled = true;
  const data = new FormData(form);
  if (button.name) data.append(button.name, button.value);
  try {
    const target = button.getAttribute("formaction") ?? form.action;
    const answer = await fetch(target, { method: "POST", body: data, headers: { Accept: "application/json" } });
    const told = await answer.json();
    say(told.message ?? "");
    if (answer.status === 401) upkeep.signedOut();
  } catch {
    say(words.failed ?? "");
  }
  button.disabled = false;
  upkeep.keepAsking();
}

function tick() {
  const at = new Date(Number(clock.dataset.clock) + performance.now() - loaded);
  const time = at.toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: clock.dataset.zone, hour12: false });
  if (clock.textContent !== time) clock.textContent = time;
}

const loaded = performance.now();
const upkeep = keepUp(board, live, filter);
board.addEventListener("submit", send);
live.addEventListener("input", filter);
setInterval(tick, 1000);
// What went well need not keep its room on the board; what did not stays until it is put away.
setTimeout(() => board.querySelectorAll(".flash.tone-success").forEach((flash) => flash.remove()), SAID_FOR);
