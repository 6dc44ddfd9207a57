// The line to the server: asking who is in, bringing what waits, fetching the open list anew.
import { ask, signOut } from "./api.js";
import { bar } from "./bar.js";
import { ahead, believedNow, learnClock } from "./clock.js";
import { failed, pause } from "./filming.js";
import { setZone } from "./page.js";
import { fetchLists } from "./preparing.js";
import { send } from "./sending.js";
import { showNobody } from "./showing.js";
import { scanner, state } from "./state.js";
import { allowNames, eraseLists, eraseRosters, forget, queueLength, recall, remember } from "./store.js";

/** @typedef {import("./types.js").Session} Session */
/** @typedef {import("./types.js").Who} Who */

const LISTS_EVERY = 120_000;
let listsAt = 0;
let sending = false;
let again = false;

export async function deliver() {
  if (sending) {
    again = true;
    return;
  }
  sending = true;
  try {
    const why = await send((answer) => scanner.told(answer));
    if (why !== "elsewhere") state.delivery = why;
    if (why === "unknown" || (why === "sent" && state.reach === "offline")) await greet();
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
export function deliverSoon() {
  clearTimeout(soon);
  soon = window.setTimeout(() => deliver().catch(failed), 150);
}

/** Ask who is in and what is on; resolves to the status, 0 without a network. */
export async function greet() {
  const asked = Date.now();
  let reply;
  try {
    reply = await ask(`state?queue=${await queueLength()}&ahead=${ahead() ?? ""}`);
  } catch {
    state.reach = "offline";
    await bar();
    return 0;
  }
  state.reach = obstacle(reply);
  if (reply.status === 200) await learn(await withoutLeaver(reply.data), asked);
  else await lose(reply);
  await bar();
  return reply.status;
}

/** @param {import("./api.js").Told} reply what stands between this tablet and the server; "" for nothing */
function obstacle({ status, data }) {
  if (status === 200) return "";
  if (LOST[data.error]) return LOST[data.error];
  if (status === 429) return "often";
  return status < 500 ? "blocked" : "busy";
}

/** Whoever signed out without a network is signed out now. @param {any} data @returns {Promise<any>} */
async function withoutLeaver(data) {
  const leaver = await recall("leaving");
  if (!leaver) return data;
  const here = data.signed_in?.id === leaver;
  const out = !here || (await signOut(data.csrf).then(() => true, () => false));
  if (out) await forget("leaving");
  return here ? { ...data, signed_in: null, sessions: [], csrf: "" } : data;
}

/** @typedef {"unknown" | "revoked" | "nobody" | "other" | "away"} Turn the tablet or its holder is another, or the class has left it */

/** @type {(turn: Turn) => void} */
let turned = () => {};
/** @param {(turn: Turn) => void} show what fits then */
export const whenTurned = (show) => { turned = show; };

/** @param {Who & {now: number, sessions: Session[]}} data @param {number} asked */
async function learn(data, asked) {
  learnClock(asked, Date.now(), data.now);
  state.contact = Date.now();
  state.lost = "";
  const { now: _now, sessions, ...who } = data;
  const earlier = state.who;
  const same = earlier?.signed_in?.id === who.signed_in?.id;
  if (!same || !earlier) await forgetEverything();
  state.who = who;
  setZone(who.time_zone);
  await remember("tablet", who.tablet);
  if (who.signed_in) await learnHolder(who, sessions);
  if (!same) turned(who.signed_in ? "other" : "nobody");
}

/** @param {Who} who @param {Session[]} sessions */
async function learnHolder(who, sessions) {
  allowNames(true);
  scanner.staff = who.signed_in?.id ?? null;
  state.sessions = sessions;
  await remember("who", { ...who, csrf: "" });
  await remember("sessions", sessions);
  await remember("contact", state.contact);
  const classes = new Set(sessions.map((one) => one.class_id));
  await drop((one) => !classes.has(one.id));
}

/** The server knows the tablet no longer, or has revoked it: once, whatever it is asked. @param {import("./api.js").Told} reply */
async function lose(reply) {
  const lost = LOST[reply.data.error] ?? "";
  if (!lost || lost === state.lost) return;
  state.lost = lost;
  await forgetEverything();
  if (lost === "unknown") await forget("tablet");
  turned(lost);
}

/** @type {Record<string, "unknown" | "revoked">} */
const LOST = { "tablet.unknown": "unknown", "tablet.revoked": "revoked" };

/** From the disk, from memory and off the page; what was not sent yet stays. */
export async function forgetEverything() {
  allowNames(false);
  Object.assign(state, { who: null, sessions: [], blank: "", card: {} });
  pause();
  scanner.forget();
  showNobody();
  await eraseLists();
}

/** Lists whose time is over go, also while the page stays open. */
export const dropExpired = () => drop((one) => one.expires_at <= believedNow());

/** @param {(one: import("./types.js").Roster) => boolean} unwanted */
async function drop(unwanted) {
  const gone = await eraseRosters(unwanted);
  if (!gone.length) return;
  await scanner.book.leaveOut(gone.flatMap((one) => one.sessions.map((each) => each.id)));
  if (gone.some((one) => one.id === scanner.session?.class_id)) {
    pause();
    scanner.close();
    turned("away");
  }
  scanner.screen.changed();
}

/** The list of the open class anew, at most every two minutes. */
export async function refreshLists() {
  if (!scanner.session || !state.who?.signed_in || Date.now() - listsAt < LISTS_EVERY) return;
  if ((await fetchList(scanner.session.class_id).catch(() => 0)) === 200 && scanner.session) {
    await scanner.open(scanner.session);
    scanner.screen.changed();
  }
}

/** @param {string} id of a class */
export async function fetchList(id) {
  listsAt = Date.now();
  return fetchLists([id]);
}
