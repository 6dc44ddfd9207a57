// From the first view to a session: who is here decides what is shown.
import { signOut } from "./api.js";
import { check } from "./checking.js";
import { loadClock, serverNow } from "./clock.js";
import { camera, failed, openCamera } from "./filming.js";
import { deliver, dropExpired, fetchList, forgetEverything, greet, whenTurned } from "./linking.js";
import { clockTime, dayOf, dayText, make, part, say, setZone, show, shown, write } from "./page.js";
import { prepare } from "./preparing.js";
import { showReady } from "./showing.js";
import { scanner, state } from "./state.js";
import { StoreFull, allowNames, askToStay, recall, remember, roster as keptRoster } from "./store.js";

/** @typedef {import("./types.js").Session} Session */

/** The first view; when the store cannot be opened or written, one that says what to do. */
export async function start() {
  try {
    await open();
  } catch (error) {
    console.info("the scanner could not be opened", error);
    const full = error instanceof StoreFull || (error instanceof DOMException && error.name === "QuotaExceededError");
    write("broken-said", say(full ? "broken.full" : "broken.blocked"));
    show("broken");
  }
}

async function open() {
  await loadClock();
  state.who = (await recall("who")) ?? null;
  state.sessions = (await recall("sessions")) ?? [];
  state.contact = (await recall("contact")) ?? 0;
  if (state.who) setZone(state.who.time_zone);
  scanner.staff = state.who?.signed_in?.id ?? null;
  allowNames(Boolean(scanner.staff));
  await scanner.book.load();
  await dropExpired();
  const status = await greet();
  if (state.who) askToStay().catch(() => {});
  deliver().catch(failed);
  if (state.lost === "unknown" || (status === 0 && !(await recall("tablet")))) show("enrol");
  else if (state.lost === "revoked") show("revoked");
  else if (location.hash === "#check") await openCheck();
  else if (state.who?.signed_in) await openChoice();
  else show("sign-in");
}

/** @param {import("./linking.js").Turn} turn */
function follow(turn) {
  if (shown() === "broken") return;
  if (turn === "unknown") show("enrol");
  else if (turn === "revoked") show("revoked");
  else if (["start", "check"].includes(shown())) return;
  else if (turn === "nobody") show("sign-in");
  else chooseAgain().catch(failed);
}
whenTurned(follow);

/** Without a session in the address. */
export function startOver() {
  history.replaceState(null, "", "/tablet/");
  return start();
}

/** The choice, although the address names a session. */
export function chooseAgain() {
  history.replaceState(null, "", "/tablet/");
  return openChoice();
}

async function openChoice() {
  camera.stop();
  const wanted = /^#session=([0-9A-Z]{12})$/.exec(location.hash)?.[1];
  const chosen = state.sessions.find((one) => one.id === wanted);
  if (chosen && (await openSession(chosen))) return;
  const today = dayOf(serverNow());
  const own = state.sessions.filter((one) => one.state !== "cancelled");
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
  if (!state.reach && state.who?.signed_in) await fetchList(session.class_id).catch(() => 0);
  if (!state.who?.signed_in) {
    show("sign-in");
    return true;
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
  scanner.screen.changed();
  return true;
}

export async function prepareAll() {
  write("choose-said", say("preparing"));
  let status = 0;
  try {
    status = await prepare(state.sessions.filter((one) => one.state !== "cancelled"), (done, of) => write("choose-said", say("stretching", { done, of })));
  } catch (error) {
    if (error instanceof StoreFull) return failed(error);
  }
  await openChoice();
  write("choose-said", say(status === 200 ? "preparedAll" : "needsNetwork"));
}

/** @param {"in" | "out"} direction */
export function aim(direction) {
  scanner.direction = direction;
  for (const name of ["in", "out"]) part(`direction-${name}`).setAttribute("aria-pressed", String(name === direction));
}

export async function openCheck() {
  show("check");
  await check(async () => {
    const wrong = await openCamera();
    camera.stop();
    return wrong;
  });
}

/** Sign out; without a network as soon as it is back. */
export async function leave() {
  const holder = state.who?.signed_in?.id;
  const out = Boolean(state.who?.csrf) && (await signOut(state.who?.csrf ?? "").then(() => true, () => false));
  if (holder && !out) await remember("leaving", holder);
  await forgetEverything();
  await startOver();
}
