// An attempt on the device that holds it: every change is saved at once and acknowledged by the server; without a
// network it waits in the browser. Every page works without this script: then each question has its own "Save" button.
import { Clock, spelled } from "./exam/clock.js";
import { isTouched, positionOf, readAnswer, writeAnswer } from "./exam/fields.js";
import { Queue } from "./exam/queue.js";

const PAUSE_WHILE_TYPING = 800;
const HEARTBEAT = 10_000;
const LONGEST_REQUEST = 15_000;
const RETRIES = [1000, 2000, 4000, 8000];

const root = /** @type {HTMLElement} */ (document.querySelector("[data-exam]"));
const words = root.dataset;
const queue = new Queue(words.queue ?? "");
const clock = new Clock();
const questions = /** @type {HTMLElement[]} */ (Array.from(root.querySelectorAll(".question")));
const part = (/** @type {string} */ name) => /** @type {HTMLElement | null} */ (root.querySelector(`[data-${name}]`));

let sending = false;
let failures = 0;
let asking = false;
let over = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let typing = 0;
/** What the bar said when the server last acknowledged an answer. */
let savedLast = "";
let away = false;

document.documentElement.classList.add("js");

/**
 * What the bar says, and what is read aloud: the latter only where something has become different, not with every answer.
 * @param {string} text
 * @param {"" | "success" | "attention" | "danger"} tone
 * @param {string | null} aloud null: nothing
 */
function tell(text, tone, aloud = text) {
  const place = part("saved");
  const heard = part("heard");
  if (heard && aloud !== null && heard.textContent !== aloud) heard.textContent = aloud;
  if (!place || (place.dataset.tone === tone && place.lastElementChild?.textContent === text)) return;
  place.dataset.tone = tone;
  for (const icon of place.querySelectorAll("[data-mark]")) {
    /** @type {HTMLElement} */ (icon).hidden = /** @type {HTMLElement} */ (icon).dataset.mark !== tone;
  }
  /** @type {HTMLElement} */ (place.lastElementChild).textContent = text;
}

function count() {
  const touched = questions.filter(isTouched);
  const place = part("count");
  if (place) place.textContent = (words.answered ?? "").replace("{n}", String(touched.length));
  for (const link of root.querySelectorAll("[data-goes-to]")) {
    const question = questions[Number(/** @type {HTMLElement} */ (link).dataset.goesTo)];
    link.classList.toggle("is-answered", isTouched(question));
  }
}

/** @param {HTMLElement} question */
function changed(question) {
  const answer = readAnswer(question);
  count();
  if (over) return;
  if (answer === undefined) {
    tell(words.incomplete ?? "", "attention");
    return;
  }
  const kept = queue.put(positionOf(question), answer);
  if (kept) tell(words.saving ?? "", "attention", null);
  else tell(words.unsafe ?? "", "attention");
}

/** @param {number} after milliseconds */
function soon(after) {
  clearTimeout(timer);
  timer = setTimeout(send, after);
}

/** Ask and tell: what waits goes, and the server's clock comes back. */
async function send() {
  clearTimeout(timer);
  if (sending || over) return;
  sending = true;
  asking = false;
  const sent = queue.batch();
  const stop = new AbortController();
  const patience = setTimeout(() => stop.abort(), LONGEST_REQUEST);
  try {
    const answer = await fetch(words.save ?? "", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-Proof": words.proof ?? "" },
      body: JSON.stringify({ answers: sent }),
      signal: stop.signal,
      cache: "no-store",
    });
    await take(answer, sent);
  } catch {
    failed();
  } finally {
    clearTimeout(patience);
    sending = false;
  }
}

/** The page may be gone in a moment: what waits goes at once, in a request that outlives the page. */
function sendParting() {
  if (over || !queue.size) return;
  fetch(words.save ?? "", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-Proof": words.proof ?? "" },
    body: JSON.stringify({ answers: queue.batch() }),
    keepalive: true,
  }).catch(() => undefined); // it waits in the browser still, and goes again with the next page
}

/** @param {Response} answer @param {{i: number, s: number}[]} sent */
async function take(answer, sent) {
  const told = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : null;
  if (told && (answer.status === 404 || (answer.status === 409 && told.error === "attempt.other_device"))) {
    if (words.room) queue.forget(); // the server has kept what came along; a device of the room keeps nothing
    return leave(words.moved ?? location.pathname); // with "#q1" behind it nothing would be loaded
  }
  if (!answer.ok || !told) throw new Error("no answer");
  failures = 0;
  const lost = settle(told, sent);
  clock.hear(told);
  if (told.state !== "running") {
    queue.forget();
    return leave(words.result ?? location.href);
  }
  showTime();
  if (told.saved.length) savedLast = (words.savedAt ?? "").replace("{time}", told.time);
  if (lost) tell(words.refused ?? "", "danger");
  else if (!queue.size && (told.saved.length || away)) tell(savedLast, savedLast ? "success" : "", savedLast && (words.savedWord ?? ""));
  away = false;
  soon(queue.size ? 0 : HEARTBEAT);
  if (sent.length && !queue.size) part("submit-waits")?.setAttribute("hidden", "");
  return undefined;
}

/**
 * What waited and has been answered no longer waits; how many answers the server will never take.
 * @param {{saved: [number, number][], refused: [number, string][]}} told
 * @param {{i: number, s: number}[]} sent
 */
function settle(told, sent) {
  const taken = told.refused.filter(([, code]) => code === "answer.number_taken").map(([position]) => position);
  for (const { i, s } of sent) if (taken.includes(i)) queue.renumber(i, s);
  for (const [position, sequence] of told.saved) queue.acknowledge(position, sequence);
  const lost = told.refused.filter(([position]) => !taken.includes(position));
  for (const [position] of lost) queue.drop(position);
  return lost.length;
}

function failed() {
  const wait = RETRIES[Math.min(failures, RETRIES.length - 1)];
  failures += 1;
  if (queue.size) tell(queue.write() ? (words.offline ?? "") : (words.unsafe ?? ""), "danger");
  else if (failures > 1) {
    away = true;
    tell(words.away ?? "", "attention");
  }
  soon(wait);
}

/** @param {string} to */
function leave(to) {
  over = true;
  location.replace(to);
}

function showTime() {
  const place = part("time");
  if (!place || over) return;
  root.classList.toggle("is-paused", clock.paused);
  part("paused")?.toggleAttribute("hidden", !clock.paused);
  for (const each of root.querySelectorAll("fieldset.answers, [data-hand-in] button")) each.toggleAttribute("disabled", clock.paused);
  place.textContent = spelled(clock.left);
  place.closest("[data-clock]")?.classList.toggle("is-short", clock.left < 120_000);
  const up = clock.left === 0 && !clock.paused;
  const gone = up && !(failures && queue.size); // what waits for the network is said first
  part("time-up")?.toggleAttribute("hidden", !gone);
  part("saved")?.toggleAttribute("hidden", gone);
  if (up && !sending && !failures && !asking) {
    asking = true; // once in a while, not all phones of the room twice a second
    soon(2000);
  }
}

// --- one question at a time ---

let current = 0;

/** @param {number} index */
function show(index) {
  if (words.layout !== "one") return;
  current = Math.max(0, Math.min(questions.length - 1, index));
  questions.forEach((question, place) => question.closest("form")?.toggleAttribute("hidden", place !== current));
  part("back")?.toggleAttribute("disabled", current === 0);
  part("next")?.toggleAttribute("hidden", current === questions.length - 1);
  part("finish")?.toggleAttribute("hidden", current !== questions.length - 1);
  for (const link of root.querySelectorAll("[data-goes-to]")) {
    if (Number(/** @type {HTMLElement} */ (link).dataset.goesTo) === current) link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
  }
  history.replaceState(null, "", `#q${current + 1}`);
}

/**
 * Nothing is handed in before the server has what waits: it would come too late.
 * @param {Event} event
 * @param {HTMLFormElement} form
 */
async function handIn(event, form) {
  queue.gather();
  if (!queue.size) return queue.forget();
  event.preventDefault();
  await send();
  part("submit-waits")?.toggleAttribute("hidden", !queue.size);
  if (queue.size || over) return undefined;
  queue.forget();
  return form.submit();
}

/** @param {number} index */
function go(index) {
  show(index);
  window.scrollTo(0, 0);
  /** @type {HTMLElement | null} */ (questions[current].querySelector(".question-number"))?.focus({ preventScroll: true });
}

function openFromAddress() {
  const found = /^#q(\d+)$/.exec(location.hash);
  show(found ? Number(found[1]) - 1 : 0);
}

function listen() {
  root.addEventListener("input", (event) => {
    const field = /** @type {HTMLElement} */ (event.target);
    const question = /** @type {HTMLElement | null} */ (field.closest(".question"));
    if (!question) return;
    changed(question);
    typing = field instanceof HTMLInputElement && !["radio", "checkbox"].includes(field.type) ? PAUSE_WHILE_TYPING : 0;
    soon(typing);
  });
  root.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (form.matches("[data-hand-in]")) return handIn(event, form);
    if (!form.matches("[data-one-question]")) return;
    event.preventDefault(); // "Save" and the enter key: it is saved already
    soon(0);
    if (words.layout === "one" && current < questions.length - 1) go(current + 1);
  });
  part("back")?.addEventListener("click", () => go(current - 1));
  part("next")?.addEventListener("click", () => go(current + 1));
  for (const link of root.querySelectorAll("[data-goes-to]")) {
    link.addEventListener("click", (event) => {
      if (words.layout !== "one") return;
      event.preventDefault();
      go(Number(/** @type {HTMLElement} */ (link).dataset.goesTo));
      /** @type {HTMLDetailsElement | null} */ (link.closest("details"))?.removeAttribute("open");
    });
  }
  for (const link of document.querySelectorAll("[data-to-review], [data-leaves]")) {
    link.addEventListener("click", async (event) => {
      if (!queue.size) return;
      event.preventDefault(); // the page it leads to shows what the server has: first it must have everything
      await send();
      if (!queue.size) location.assign(/** @type {HTMLAnchorElement} */ (link).href);
      else part("submit-waits")?.removeAttribute("hidden");
    });
  }
  window.addEventListener("online", () => soon(0));
  window.addEventListener("hashchange", openFromAddress);
  document.addEventListener("visibilitychange", () => (document.hidden ? sendParting() : soon(0)));
  window.addEventListener("pagehide", sendParting);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload(); // a page out of the browser's memory may be another's, or over
  });
}

for (const question of questions) {
  const position = positionOf(question);
  const kept = queue.waiting.get(position);
  const stands = Number(question.closest("form")?.dataset.sequence ?? 0);
  queue.know(position, stands);
  if (kept && kept.sequence > stands) writeAnswer(question, kept.answer);
  else if (kept) queue.drop(position); // the server has it, or a later one
}
clock.hear({ now: Number(words.now), deadline: Number(words.deadline), paused: words.paused === "1" });
listen();
if (questions.length) {
  openFromAddress();
  count();
}
showTime();
setInterval(showTime, 500);
soon(queue.size ? 0 : HEARTBEAT);
