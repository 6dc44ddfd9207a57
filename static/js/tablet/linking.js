// The line to the server: asking who is in, bringing what waits, fetching the open list anew.
import { ask } from "./api.js";
import { bar } from "./bar.js";
import { ahead, learnClock } from "./clock.js";
import { camera, failed } from "./filming.js";
import { part, say, setZone, show } from "./page.js";
import { fetchLists } from "./preparing.js";
import { send } from "./sending.js";
import { scanner, state } from "./state.js";
import { eraseLists, queueLength, remember } from "./store.js";

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
    if (why === "sent" && !state.linked) await greet();
    if (why === "offline") state.linked = false;
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
    state.linked = false;
    await bar();
    return 0;
  }
  state.linked = reply.status < 500;
  if (reply.status === 200) await learn(reply.data, asked);
  else if (reply.status === 403) await revoked();
  await bar();
  return reply.status;
}

/** @param {Who & {now: number, sessions: Session[]}} data @param {number} asked */
async function learn(data, asked) {
  learnClock(asked, Date.now(), data.now);
  state.contact = Date.now();
  const { now: _now, sessions, ...who } = data;
  state.who = who;
  state.sessions = sessions;
  setZone(who.time_zone);
  scanner.staff = who.signed_in?.id ?? null;
  await remember("tablet", who.tablet);
  if (!who.signed_in) {
    await eraseLists();
    return;
  }
  await remember("who", { ...who, csrf: "" });
  await remember("sessions", sessions);
  await remember("contact", state.contact);
}

async function revoked() {
  await eraseLists();
  state.who = null;
  camera.stop();
  show("revoked");
}

/** The list of the open class anew, at most every two minutes. */
export async function refreshLists() {
  if (!scanner.session || !state.who?.signed_in || Date.now() - listsAt < LISTS_EVERY) return;
  if ((await fetchList(scanner.session.class_id)) === 200) {
    await scanner.open(scanner.session);
    scanner.screen.changed();
  }
}

/** @param {string} id of a class */
export async function fetchList(id) {
  listsAt = Date.now();
  return fetchLists([id]);
}
