// The tablet at the door: scans, answers and keeps, with the server there or gone. Here its parts are put together.
import { bar } from "./tablet/bar.js";
import { camera, failed, light, pause, scan } from "./tablet/filming.js";
import { deliver, deliverSoon, dropExpired, greet, refreshLists } from "./tablet/linking.js";
import { aim, chooseAgain, leave, openCheck, prepareAll, start, startOver } from "./tablet/opening.js";
import { part, show, shown, write } from "./tablet/page.js";
import { showAttention, showDecision, showEntry, showRecent } from "./tablet/showing.js";
import { play } from "./tablet/sound.js";
import { scanner, state } from "./tablet/state.js";
import { remember } from "./tablet/store.js";
import { enrol, findAnybody, judge, openEmptyWalkIn, openFind, openWalkIn, search, takeIn } from "./tablet/typing.js";

/** @typedef {import("./tablet/types.js").Entry} Entry */

const ASK_EVERY = 20_000;
const SEND_EVERY = 5_000;

scanner.screen = { decided, corrected, changed };

/** @param {import("./tablet/deciding.js").Decision} decision @param {Entry | null} entry */
function decided(decision, entry) {
  const { blank, card } = decision;
  state.blank = blank ?? "";
  state.card = card ? { name: card.name, number: card.number, born: card.born, sex: card.sex } : {};
  showDecision(decision, entry?.uuid);
  play(decision.tone);
  deliverSoon();
}

/** @param {Entry} entry of which the server said more, shown in large while it is the last @param {boolean} refused */
function corrected(entry, refused) {
  const large = part("answer");
  const agreed = entry.tone === "success" && large.classList.contains("tone-success");
  if (large.dataset.uuid === entry.uuid && !entry.undone && !agreed) showEntry(entry, refused);
}

function changed() {
  showRecent(scanner.book.recent, (uuid) => scanner.undo(uuid).then(deliverSoon, failed));
  showAttention(scanner.book.attention, (uuid) => scanner.book.putAway(uuid).then(changed, failed));
  write("count", `${Object.keys(scanner.book.marked).length} / ${scanner.index?.roster.learners.length ?? 0}`);
  bar().catch(failed);
}

/** To the scanner, or to the choice while no session is open. */
function back() {
  return scanner.session ? show("scan") : chooseAgain();
}

/** @type {Record<string, () => unknown>} */
const TAPS = {
  start: scan, pause, prepare: prepareAll, check: openCheck, "check-again": openCheck, "check-back": startOver, choose: chooseAgain,
  find: findAnybody, "ask-find": findAnybody, "ask-tie": openFind, "walk-in-open": openEmptyWalkIn, "ask-walk-in": openWalkIn,
  "walk-in-instead": openWalkIn, back, "attention-open": () => show("attention"), leave, again: () => location.reload(), "direction-in": () => aim("in"), "direction-out": () => aim("out"),
};
document.addEventListener("click", (event) => {
  const tapped = /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest("[data-tap]"));
  const work = TAPS[tapped?.dataset.tap ?? ""];
  if (work) Promise.resolve(work()).catch(failed);
});
part("enrol").addEventListener("submit", (event) => enrol(/** @type {SubmitEvent} */ (event)));
part("walk-in").addEventListener("submit", (event) => takeIn(/** @type {SubmitEvent} */ (event)));
part("walk-in").addEventListener("input", judge);
part("find-text").addEventListener("input", search);
part("cameras").addEventListener("change", () => {
  remember("camera", /** @type {HTMLSelectElement} */ (part("cameras")).value).then(scan, failed);
});
part("torch").addEventListener("click", light);
/** Bring what waits; also while the scanner could not be opened, since that may make room. */
function attend() {
  if (shown() !== "start") deliver().catch(shown() === "broken" ? () => {} : failed);
}
for (const kind of ["online", "pageshow"]) addEventListener(kind, () => document.hidden || attend());
document.addEventListener("visibilitychange", () => document.hidden || attend());
setInterval(attend, SEND_EVERY);
setInterval(() => ["start", "broken"].includes(shown()) || greet().then(refreshLists).then(dropExpired).catch(failed), ASK_EVERY);

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
