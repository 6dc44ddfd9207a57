// The screen of a room. The server sends codes for a quarter of an hour; which of them is shown follows the server's
// clock, carried on by this browser's monotonic one, so that a wrong clock here does no harm.
import { drawQr } from "./lib/qr.js";

/** @typedef {{from: number, until: number, path: string, size: number}} Code */
/** @typedef {{from: number, until: number, text: string}} Typed */

const ASK_EVERY = 3000;
const ASK_LATEST = 15000;
const UNSURE_AFTER = 12000;

const root = /** @type {HTMLElement} */ (document.querySelector("[data-screen]"));
const views = /** @type {HTMLElement[]} */ (Array.from(root.querySelectorAll("[data-view]")));
const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (root.querySelector(`[data-${name}]`));

/** @type {Code[]} */
let codes = [];
/** @type {Typed[]} */
let typed = [];
let key = "";
let version = "";
let state = "start";
let shown = "";
/** What the codes are for, until when (a spot check ends by itself), and what they are for then. */
let asked = { purpose: "in", until: Infinity, then: "in" };
/** Server time minus this browser's monotonic clock; never ahead of the server. */
let offset = -Infinity;
let heardAt = performance.now();
let failures = 0;

const serverTime = () => performance.now() + offset;

/** @param {string} name */
function show(name) {
  if (shown === name) return;
  shown = name;
  for (const view of views) view.hidden = view.dataset.view !== name;
}

/** @param {Record<string, any>} feed */
function write(feed) {
  for (const place of root.querySelectorAll("[data-text]")) {
    const text = feed[/** @type {HTMLElement} */ (place).dataset.text ?? ""];
    if (text !== undefined) place.textContent = String(text);
  }
  if (feed.expected !== undefined) {
    part("bar").setAttribute("width", String(Math.min(100, (100 * feed.came) / Math.max(1, feed.expected))));
  }
  if (feed.digits) part("digits").textContent = `${feed.digits.slice(0, 3)} ${feed.digits.slice(3)}`;
}

/** @param {Record<string, any>} feed */
function stock(feed) {
  if (feed.key !== key) codes = [];
  key = feed.key;
  codes = codes.filter((code) => code.until > feed.now);
  for (const [from, until, size, bits] of feed.codes ?? []) {
    if (!codes.some((code) => code.from === from)) codes.push({ from, until, size, path: drawQr(size, bits) });
  }
  typed = (feed.typed ?? []).map((/** @type {[number, number, string]} */ [from, until, text]) => ({ from, until, text }));
}

/** @param {Record<string, any>} feed */
function take(feed) {
  state = feed.state;
  if (feed.now) {
    // The answer was under way for a while, so the server is at least this far; the best estimate is the largest.
    const estimate = feed.now - performance.now();
    if (estimate > offset || offset - estimate > 5000) offset = estimate;
  }
  if (feed.v) {
    version = feed.v;
    stock(feed);
    asked = { purpose: feed.purpose ?? "in", until: feed.purpose_until ?? Infinity, then: feed.purpose_then ?? "in" };
  }
  write(feed);
}

async function pair(again = false) {
  const answer = await fetch(`${root.dataset.pairing}${again ? "?again=1" : ""}`, {
    method: "POST",
    headers: { "X-CSRFToken": root.dataset.csrf ?? "", Accept: "application/json" },
  });
  if (answer.status === 400) location.reload();
  if (!answer.ok) throw new Error("no digits");
  version = key = "";
  codes = typed = [];
  take(await answer.json());
}

async function ask() {
  const until = codes.length ? codes[codes.length - 1].until : 0;
  const query = new URLSearchParams({ v: version, key, until: String(until) });
  const answer = await fetch(`${root.dataset.feed}?${query}`, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (answer.status === 401) await pair();
  else if (answer.status === 200) take(await answer.json());
  else if (answer.status !== 204) throw new Error("no answer");
}

async function keepAsking() {
  try {
    await ask();
    heardAt = performance.now();
    failures = 0;
  } catch {
    failures += 1;
  }
  draw();
  setTimeout(keepAsking, Math.min(ASK_LATEST, ASK_EVERY * 2 ** Math.min(failures, 3)));
}

/** @type {Code | undefined} */
let drawn;

/** @param {Code} code */
function drawCode(code) {
  const left = (code.until - serverTime()) / (code.until - code.from);
  part("ring").setAttribute("stroke-dashoffset", String(100 * (1 - Math.max(0, Math.min(1, left)))));
  if (drawn === code) return;
  drawn = code;
  const box = part("qr");
  box.innerHTML =
    `<svg viewBox="0 0 ${code.size} ${code.size}" role="img" shape-rendering="crispEdges"><title></title>` +
    `<path fill="#fff" d="M0 0h${code.size}v${code.size}h-${code.size}z"/><path fill="#000" d="${code.path}"/></svg>`;
  /** @type {Element} */ (box.querySelector("title")).textContent = box.dataset.title ?? "";
}

/** @param {number} at */
function drawTyped(at) {
  const now = typed.find((code) => code.from <= at && at < code.until);
  part("typed-part").hidden = !now;
  if (now) part("typed").textContent = `${now.text.slice(0, 3)} ${now.text.slice(3)}`;
}

/** The words beside the code follow what it is for. @param {number} at */
function drawPurpose(at) {
  const purpose = at < asked.until ? asked.purpose : asked.then;
  for (const each of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-for]"))) {
    each.hidden = each.dataset.for !== purpose;
  }
  if (purpose !== "spot") return;
  const left = Math.max(0, Math.ceil((asked.until - at) / 1000));
  part("countdown").textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}

function draw() {
  part("notice").hidden = performance.now() - heardAt < UNSURE_AFTER || state === "start";
  if (state !== "open") {
    show(state === "signed_off" ? "closed" : state);
    return;
  }
  const at = serverTime();
  const code = codes.find((each) => each.from <= at && at < each.until);
  if (!code) {
    show(performance.now() - heardAt < UNSURE_AFTER ? shown : "empty");
    return;
  }
  show("open");
  drawPurpose(at);
  drawCode(code);
  drawTyped(at);
}

async function stayAwake() {
  if (!("wakeLock" in navigator) || document.hidden) return;
  try {
    await navigator.wakeLock.request("screen");
  } catch {
    // The browser may say no (battery); the screen then goes dark as it always does.
  }
}

for (const button of root.querySelectorAll("[data-again]")) {
  button.addEventListener("click", () => pair(true).then(draw, () => location.reload()));
}
document.addEventListener("visibilitychange", stayAwake);
stayAwake();
setInterval(draw, 250);
keepAsking();
