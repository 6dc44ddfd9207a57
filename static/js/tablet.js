// The tablet at the door: scans, answers and keeps, with the server there or gone.
import { ask, signOut } from "./tablet/api.js";
import { Camera } from "./tablet/camera.js";
import { check } from "./tablet/checking.js";
import { ahead, learnClock, loadClock, serverNow } from "./tablet/clock.js";
import { find } from "./tablet/deciding.js";
import { clockTime, dayOf, dayText, make, part, say, setZone, show, shown, write } from "./tablet/page.js";
import { fetchLists, prepare } from "./tablet/preparing.js";
import { Scanner } from "./tablet/scanner.js";
import { send } from "./tablet/sending.js";
import { showDecision, showFound, showReady, showRecent, showWords } from "./tablet/showing.js";
import { allowSound, play } from "./tablet/sound.js";
import { StoreFull, eraseExpired, eraseLists, queueLength, recall, remember, roster as keptRoster } from "./tablet/store.js";

/** @typedef {import("./tablet/types.js").Session} Session */
/** @typedef {import("./tablet/types.js").Who} Who */

const ASK_EVERY = 20_000;
const SEND_EVERY = 5_000;
const LISTS_EVERY = 120_000;

/** @type {Who | null} */
let who = null;
/** @type {Session[]} */
let sessions = [];
let contact = 0;
let linked = false;
let blank = "";
let listsAt = 0;
/** @type {Record<string, string>} */
let cardFacts = {};
/** Times from the picture to the answer, for whoever measures: the last 500, in milliseconds. */
const answered = /** @type {number[]} */ ([]);
Object.assign(window, { tabletTimes: answered });

const scanner = new Scanner({ decided, changed });
const camera = new Camera(/** @type {HTMLVideoElement} */ (part("video")), (reading, took) => {
  scanner.read(reading).then((fresh) => {
    if (!fresh) return;
    answered.push(performance.now() - took.frame);
    if (answered.length > 500) answered.shift();
  }, failed);
});

/** @param {import("./tablet/deciding.js").Decision} decision */
function decided(decision) {
  blank = decision.blank ?? "";
  cardFacts = decision.card ? { name: decision.card.name, number: decision.card.number, born: decision.card.born, sex: decision.card.sex } : {};
  showDecision(decision);
  play(decision.tone);
  deliverSoon();
}

async function changed() {
  showRecent(scanner.recent, (uuid) => scanner.undo(uuid).then(deliverSoon, failed));
  write("count", `${scanner.came} / ${scanner.index?.roster.learners.length ?? 0}`);
  await bar();
}

/** @param {unknown} error */
function failed(error) {
  const full = error instanceof StoreFull;
  if (full) pause();
  showWords(say(full ? "full" : "failed"), say(full ? "full.note" : "failed.note"), "danger");
  if (!full) console.error(error);
}

async function bar() {
  const waits = await queueLength();
  write("tablet-name", who?.tablet.name ?? "");
  write("who", who?.signed_in?.name ?? say("nobody"));
  part("queue").hidden = waits === 0;
  write("queue", say("queue", { n: waits }));
  part("link").className = `link tone-${linked ? "success" : "danger"}`;
  write("link", say(linked ? "online" : "offline"));
  write("contact", contact ? say("contact", { at: clockTime(contact) }) : "");
}

// --- the server ---

let sending = false;
let again = false;

async function deliver() {
  if (sending) {
    again = true;
    return;
  }
  sending = true;
  try {
    const why = await send((answer) => scanner.told(answer));
    if (why === "sent" && !linked) await greet();
    if (why === "offline") linked = false;
    part("queue").title = say(`why.${why}`);
  } finally {
    sending = false;
  }
  await bar();
  if (again) {
    again = false;
    await deliver();
  }
}

/** @type {number | undefined} */
let soon;
function deliverSoon() {
  clearTimeout(soon);
  soon = window.setTimeout(() => deliver().catch(failed), 150);
}

/** Ask who is in and what is on; resolves to the status, 0 without a network. */
async function greet() {
  const asked = Date.now();
  let reply;
  try {
    reply = await ask(`state?queue=${await queueLength()}&ahead=${ahead() ?? ""}`);
  } catch {
    linked = false;
    await bar();
    return 0;
  }
  linked = reply.status < 500;
  if (reply.status === 200) await learn(reply.data, asked);
  else if (reply.status === 403) await revoked();
  await bar();
  return reply.status;
}

/** @param {Who & {now: number, sessions: Session[]}} data @param {number} asked */
async function learn(data, asked) {
  learnClock(asked, Date.now(), data.now);
  contact = Date.now();
  const { now: _now, sessions: list, ...rest } = data;
  who = rest;
  setZone(who.time_zone);
  scanner.staff = who.signed_in?.id ?? null;
  sessions = list;
  await remember("tablet", who.tablet);
  if (!who.signed_in) {
    await eraseLists();
    return;
  }
  await remember("who", { ...who, csrf: "" });
  await remember("sessions", sessions);
  await remember("contact", contact);
}

async function revoked() {
  await eraseLists();
  who = null;
  camera.stop();
  show("revoked");
}

async function refreshLists() {
  if (!scanner.session || !who?.signed_in || Date.now() - listsAt < LISTS_EVERY) return;
  listsAt = Date.now();
  if ((await fetchLists([scanner.session.class_id])) === 200) {
    await scanner.open(scanner.session);
    await changed();
  }
}

// --- views ---

async function start() {
  await loadClock();
  who = (await recall("who")) ?? null;
  sessions = (await recall("sessions")) ?? [];
  contact = (await recall("contact")) ?? 0;
  if (who) setZone(who.time_zone);
  scanner.staff = who?.signed_in?.id ?? null;
  await eraseExpired(serverNow());
  const status = await greet();
  deliver().catch(failed);
  if (status === 401 || (status === 0 && !(await recall("tablet")))) show("enrol");
  else if (status === 403) show("revoked");
  else if (location.hash === "#check") await openCheck();
  else if (who?.signed_in) await openChoice();
  else show("sign-in");
}

async function openChoice() {
  camera.stop();
  const wanted = /^#session=([0-9A-Z]{12})$/.exec(location.hash)?.[1];
  const chosen = sessions.find((one) => one.id === wanted);
  if (chosen && (await openSession(chosen))) return;
  const today = dayOf(serverNow());
  const own = sessions.filter((one) => one.state !== "cancelled");
  const lines = await Promise.all(own.map((one) => sessionLine(one, today)));
  part("sessions").replaceChildren(...lines);
  part("sessions-none").hidden = own.length > 0;
  show("choose");
}

/** @param {Session} one @param {string} today */
async function sessionLine(one, today) {
  const there = await keptRoster(one.class_id);
  const facts = [one.held_on === today ? say("today") : dayText(one.held_on), `${clockTime(one.starts_at)}–${clockTime(one.ends_at)}`, there ? say("prepared", { n: there.learners.length }) : say("unprepared")];
  const button = make("button", { type: "button", class: `btn btn-session${one.held_on === today ? " is-today" : ""}` },
    make("span", {}, make("strong", {}, say("class", { code: one.class_code }) + " · " + one.label), make("small", {}, facts.join(" · "))));
  button.addEventListener("click", () => openSession(one).catch(failed));
  return make("li", {}, button);
}

/** @param {Session} session */
async function openSession(session) {
  if (linked && who?.signed_in) {
    listsAt = Date.now();
    await fetchLists([session.class_id]).catch(() => 0);
  }
  if (!(await scanner.open(session))) {
    write("choose-said", say("needsNetwork"));
    show("choose");
    return false;
  }
  history.replaceState(null, "", `#session=${session.id}`);
  write("session", `${say("class", { code: session.class_code })} · ${session.label}`);
  part("directions").hidden = !scanner.session?.check_out;
  aim("in");
  showReady();
  show("scan");
  await changed();
  return true;
}

async function prepareAll() {
  write("choose-said", say("preparing"));
  let status = 0;
  try {
    status = await prepare(sessions.filter((one) => one.state !== "cancelled"), (done, of) => write("choose-said", say("stretching", { done, of })));
  } catch (error) {
    if (error instanceof StoreFull) return failed(error);
  }
  await openChoice();
  write("choose-said", say(status === 200 ? "preparedAll" : "needsNetwork"));
}

/** @param {"in" | "out"} direction */
function aim(direction) {
  scanner.direction = direction;
  for (const name of ["in", "out"]) part(`direction-${name}`).setAttribute("aria-pressed", String(name === direction));
}

const WRONG = /** @type {Record<string, string>} */ ({
  NotAllowedError: "camera.refused", NotFoundError: "camera.absent", OverconstrainedError: "camera.absent",
  NotReadableError: "camera.taken", NotSupportedError: "camera.insecure",
});

/** Resolves to "" or to what is wrong. */
async function openCamera() {
  const chosen = (await recall("camera")) ?? "";
  try {
    await camera.ready;
    await camera.start(chosen).catch((error) => (chosen ? camera.start("") : Promise.reject(error)));
  } catch (error) {
    return WRONG[error instanceof DOMException ? error.name : ""] ?? "camera.broken";
  }
  const choices = await camera.choices();
  const select = /** @type {HTMLSelectElement} */ (part("cameras"));
  select.replaceChildren(...choices.map((one, place) => make("option", { value: one.id }, one.name || say("camera", { n: place + 1 }))));
  select.value = camera.track?.getSettings().deviceId ?? "";
  part("cameras-part").hidden = choices.length < 2;
  part("torch").hidden = !camera.hasTorch;
  return "";
}

async function scan() {
  allowSound();
  const wrong = await openCamera();
  part("eye").classList.toggle("is-on", !wrong);
  part("start").hidden = !wrong;
  part("pause").hidden = Boolean(wrong);
  if (wrong) showWords(say("noCamera"), say(wrong), "danger");
  stayAwake();
}

function pause() {
  camera.stop();
  part("eye").classList.remove("is-on");
  part("start").hidden = false;
  part("pause").hidden = true;
}

async function openCheck() {
  show("check");
  await check(async () => {
    const wrong = await openCamera();
    camera.stop();
    return wrong;
  });
}

function openFind() {
  show("find");
  const box = /** @type {HTMLInputElement} */ (part("find-text"));
  box.value = "";
  write("find-title", say(blank ? "tieTitle" : "findTitle"));
  showFound([], scanner.marked, () => {});
  box.focus();
}

function search() {
  if (!scanner.index) return;
  const found = find(scanner.index.roster, /** @type {HTMLInputElement} */ (part("find-text")).value);
  part("found-none").hidden = found.length > 0 || !/** @type {HTMLInputElement} */ (part("find-text")).value.trim();
  showFound(found, scanner.marked, (learner) => {
    show("scan");
    scanner.pick(learner, blank).catch(failed);
    blank = "";
  });
}

function openWalkIn() {
  const form = /** @type {HTMLFormElement} */ (part("walk-in"));
  form.reset();
  for (const [name, text] of Object.entries(cardFacts)) {
    const field = /** @type {HTMLInputElement | null} */ (form.elements.namedItem(name));
    if (field) field.value = name === "born" ? dayText(text) : text;
  }
  part("walk-in-badge").hidden = !blank;
  show("walk-in");
  /** @type {HTMLInputElement} */ (form.elements.namedItem("name")).focus();
}

/** @param {SubmitEvent} event */
function takeIn(event) {
  event.preventDefault();
  const sent = new FormData(/** @type {HTMLFormElement} */ (event.target));
  /** @type {Record<string, string>} */
  const facts = {};
  for (const [name, value] of sent) if (String(value).trim()) facts[name] = String(value).trim();
  const typed = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(facts.born ?? "");
  if (typed) facts.born = `${typed[3]}-${typed[2].padStart(2, "0")}-${typed[1].padStart(2, "0")}`;
  if (blank) facts.badge = blank;
  blank = "";
  cardFacts = {};
  show("scan");
  scanner.takeIn(facts).catch(failed);
}

/** @param {SubmitEvent} event */
async function enrol(event) {
  event.preventDefault();
  const box = /** @type {HTMLInputElement} */ (part("code"));
  write("enrol-said", "");
  try {
    const reply = await ask("enrol", { code: box.value.slice(0, 20) });
    if (reply.status !== 200) {
      write("enrol-said", reply.data.message ?? String(reply.status));
      return;
    }
    history.replaceState(null, "", "/tablet/");
    await start();
  } catch {
    write("enrol-said", say("net.bad"));
  }
}

async function leave() {
  if (who?.csrf) await signOut(who.csrf).catch(() => {});
  await eraseLists();
  camera.stop();
  scanner.index = scanner.session = null;
  scanner.recent = [];
  scanner.marked = {};
  history.replaceState(null, "", "/tablet/");
  await start();
}

async function stayAwake() {
  if (!("wakeLock" in navigator) || document.hidden) return;
  await navigator.wakeLock.request("screen").catch(() => {});
}

// --- taps ---

/** @type {Record<string, () => unknown>} */
const TAPS = {
  start: scan, pause, prepare: prepareAll, check: openCheck, "check-again": openCheck, choose: () => { history.replaceState(null, "", "/tablet/"); return openChoice(); },
  find: () => { blank = ""; openFind(); }, "ask-find": () => { blank = ""; openFind(); }, "ask-tie": openFind, "walk-in-open": () => { cardFacts = {}; blank = ""; openWalkIn(); }, "ask-walk-in": openWalkIn,
  "walk-in-instead": openWalkIn, back: () => show("scan"), leave, "direction-in": () => aim("in"), "direction-out": () => aim("out"),
  "check-back": () => { history.replaceState(null, "", "/tablet/"); return start(); },
};
document.addEventListener("click", (event) => {
  const tapped = /** @type {HTMLElement} */ (event.target).closest("[data-tap]");
  const work = TAPS[/** @type {HTMLElement | null} */ (tapped)?.dataset.tap ?? ""];
  if (work) Promise.resolve(work()).catch(failed);
});
part("enrol").addEventListener("submit", (event) => enrol(/** @type {SubmitEvent} */ (event)));
part("walk-in").addEventListener("submit", (event) => takeIn(/** @type {SubmitEvent} */ (event)));
part("find-text").addEventListener("input", search);
part("cameras").addEventListener("change", () => {
  remember("camera", /** @type {HTMLSelectElement} */ (part("cameras")).value).then(scan, failed);
});
let lit = false;
part("torch").addEventListener("click", () => {
  lit = !lit;
  part("torch").setAttribute("aria-pressed", String(lit));
  camera.torch(lit).catch(() => {});
});
for (const kind of ["online", "visibilitychange", "pageshow"]) {
  addEventListener(kind, () => document.hidden || deliver().catch(failed));
}
document.addEventListener("visibilitychange", () => document.hidden || deliver().catch(failed));
setInterval(() => deliver().catch(failed), SEND_EVERY);
setInterval(() => greet().then(refreshLists).catch(failed), ASK_EVERY);

const code = /^#code=([0-9A-Za-z]{4,12})$/.exec(location.hash)?.[1];
if (code) /** @type {HTMLInputElement} */ (part("code")).value = code;
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/tablet/sw.js", { scope: "/tablet/" }).then(
    () => navigator.serviceWorker.ready.then(() => { document.body.dataset.kept = "yes"; }),
    () => { document.body.dataset.kept = "no"; },
  );
}
camera.ready.then(() => { document.body.dataset.decoder = "ready"; }, () => { document.body.dataset.decoder = "failed"; });
start().catch(failed).finally(() => { document.body.dataset.started = shown(); });
