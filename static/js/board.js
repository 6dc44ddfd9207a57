// The board: asks whether anything is new, puts only what changed, and sends taps without leaving the page.
import { fold } from "./lib/text.js";

const ASK_EVERY = 1500;
const ASK_LATEST = 20000;
const SAID_FOR = 6000;

const board = /** @type {HTMLElement} */ (document.querySelector("[data-board]"));
const live = /** @type {HTMLElement} */ (board.querySelector("[data-live]"));
const link = /** @type {HTMLElement} */ (board.querySelector("[data-link]"));
const said = /** @type {HTMLElement} */ (board.querySelector("[data-said]"));
const clock = /** @type {HTMLElement} */ (board.querySelector("[data-clock]"));
const words = board.dataset;

let version = words.version ?? "0";
let failures = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let asking = false;

/**
 * Make `old` look like `fresh`. Elements with a key that did not change stay as they are, with focus, scroll and what
 * was typed; the others are replaced.
 * @param {Element} old
 * @param {Element} fresh
 */
function renew(old, fresh) {
  const known = new Map(Array.from(old.children).map((child) => [/** @type {HTMLElement} */ (child).dataset.key, child]));
  const wanted = Array.from(fresh.children).map((child) => {
    const key = /** @type {HTMLElement} */ (child).dataset.key;
    const before = key ? known.get(key) : undefined;
    if (!before || before.tagName !== child.tagName) return child;
    if (before instanceof HTMLInputElement) return before;
    if (child.querySelector("[data-key]") || before.querySelector("[data-key]")) {
      before.className = child.className;
      renew(before, child);
    } else if (source.get(before) !== child.outerHTML && before.outerHTML !== child.outerHTML) {
      source.set(child, child.outerHTML);
      return child;
    }
    return before;
  });
  const same = wanted.length === old.childNodes.length && wanted.every((child, place) => child === old.childNodes[place]);
  if (!same) place(old, wanted);
}

/** What the server last sent for an element whose page state differs (hidden by the filter).
 * @type {WeakMap<Element, string>} */
const source = new WeakMap();

/**
 * Put the children in this order without taking those out that stay, so that focus and scrolling survive.
 * @param {Element} parent
 * @param {Element[]} wanted
 */
function place(parent, wanted) {
  const keep = new Set(wanted);
  for (const child of Array.from(parent.childNodes)) {
    if (!keep.has(/** @type {Element} */ (child))) child.remove();
  }
  wanted.forEach((child, index) => {
    if (parent.childNodes[index] !== child) parent.insertBefore(child, parent.childNodes[index] ?? null);
  });
}

/** @param {string} html */
function put(html) {
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  const spot = focused && live.contains(focused) ? focused.closest("[data-key]") : null;
  const row = spot?.closest("li[data-key]") ?? null;
  const next = row?.nextElementSibling ?? row?.previousElementSibling ?? null;
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const fresh = document.createElement("div");
  fresh.append(holder.content);
  renew(live, fresh);
  filter();
  if (focused && spot && !focused.isConnected) keepFocus(spot, next);
}

/**
 * The element in focus is gone: the same one anew, else its neighbour, else the list.
 * @param {Element} spot
 * @param {Element | null} next
 */
function keepFocus(spot, next) {
  const key = /** @type {HTMLElement} */ (spot).dataset.key ?? "";
  const again = live.querySelector(`[data-key="${CSS.escape(key)}"]`) ?? (next?.isConnected ? next : null);
  const target = again?.querySelector("button, a") ?? live.querySelector(".board-scroll");
  /** @type {HTMLElement | null} */ (target)?.focus({ preventScroll: true });
}

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

/**
 * @param {string} tone
 * @param {string | undefined} text
 */
function tell(tone, text) {
  if (link.textContent !== text) link.textContent = text ?? "";
  link.className = `board-link tone-${tone}`;
}

async function ask() {
  const answer = await fetch(`${words.poll}?v=${version}`, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (answer.status === 401) {
    tell("danger", words.signedOut);
    return;
  }
  if (answer.status === 200) {
    const news = await answer.json();
    version = String(news.v);
    put(news.html);
  } else if (answer.status !== 204) throw new Error(String(answer.status));
  failures = 0;
  tell("success", words.linked);
}

async function keepAsking() {
  clearTimeout(timer);
  if (document.hidden || asking) return;
  asking = true;
  try {
    await ask();
  } catch {
    failures += 1;
    if (failures > 1) tell("danger", words.away);
  }
  asking = false;
  timer = setTimeout(keepAsking, Math.min(ASK_LATEST, ASK_EVERY * 2 ** Math.min(failures, 4)));
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
    if (answer.status === 401) tell("danger", words.signedOut);
  } catch {
    say(words.failed ?? "");
  }
  button.disabled = false;
  keepAsking();
}

function tick() {
  const at = new Date(Number(clock.dataset.clock) + performance.now() - loaded);
  const time = at.toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: clock.dataset.zone, hour12: false });
  if (clock.textContent !== time) clock.textContent = time;
}

const loaded = performance.now();
board.addEventListener("submit", send);
live.addEventListener("input", filter);
document.addEventListener("visibilitychange", keepAsking);
window.addEventListener("online", keepAsking);
setInterval(tick, 1000);
// What went well need not keep its room on the board; what did not stays until it is put away.
setTimeout(() => board.querySelectorAll(".flash.tone-success").forEach((flash) => flash.remove()), SAID_FOR);
keepAsking();
