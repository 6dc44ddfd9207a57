// The scanner's screen: the answer in large, what may be done about it, and the last ten.
import { clockTime, dateTime, icon, make, part, say, write } from "./page.js";
import { phrase } from "./scanner.js";

/** @typedef {import("./types.js").Entry} Entry */
/** @typedef {import("./types.js").Learner} Learner */
/** @typedef {import("./deciding.js").Decision} Decision */

export const ICONS = { success: "check-circle-fill", attention: "exclamation-triangle-fill", danger: "x-circle-fill" };
const SHOWN = 30;
const ASKS = ["ask-walk-in", "ask-tie", "ask-find"];

/** @param {Decision} decision @param {string} [uuid] of what was sent for it */
export function showDecision(decision, uuid = "") {
  const { title, note } = phrase(decision);
  const box = part("answer");
  box.dataset.uuid = uuid;
  box.className = `answer tone-${decision.tone}`;
  part("answer-icon").replaceChildren(icon(ICONS[decision.tone]));
  write("answer-title", title);
  write("answer-name", decision.learner?.name ?? decision.card?.name ?? "");
  write("answer-note", note);
  part("ask-walk-in").hidden = decision.ask !== "walk_in";
  part("ask-tie").hidden = decision.ask !== "tie";
  part("ask-find").hidden = !(decision.ask || decision.what === "notHere");
}

/** @param {string} title @param {string} note @param {"success" | "attention" | "danger"} tone */
export function showWords(title, note, tone) {
  showDecision({ tone, what: title, item: null });
  write("answer-title", title);
  write("answer-note", note);
}

/**
 * @param {Entry} entry as the server sees it, in place of what was said before
 * @param {boolean} refused whoever is not let in still needs what was offered
 */
export function showEntry(entry, refused) {
  const offered = refused ? ASKS.filter((name) => !part(name).hidden) : [];
  showWords(entry.title, entry.note, entry.tone);
  write("answer-name", entry.name);
  part("answer").dataset.uuid = entry.uuid;
  for (const name of offered) part(name).hidden = false;
}

export function showReady() {
  part("answer").className = "answer tone-primary";
  part("answer").dataset.uuid = "";
  part("answer-icon").replaceChildren(icon("qr-code-scan"));
  write("answer-title", say("ready"));
  write("answer-name", "");
  write("answer-note", say("ready.note"));
  for (const name of ASKS) part(name).hidden = true;
}

/**
 * @param {Entry[]} recent
 * @param {(uuid: string) => void} undo
 */
export function showRecent(recent, undo) {
  part("recent").replaceChildren(...recent.map((entry) => row(entry, undo)));
  part("recent-none").hidden = recent.length > 0;
}

/** @param {Entry} entry @param {(uuid: string) => void} undo */
function row(entry, undo) {
  const [tone, sign] = entry.undone ? ["muted undone", "arrow-counterclockwise"] : [entry.tone, ICONS[entry.tone]];
  const made = make("li", { class: `recent-row tone-${tone}` }, icon(sign));
  made.append(who(entry), make("time", {}, clockTime(entry.at)));
  if (!entry.sent) made.append(make("span", { class: "recent-waits", title: say("waits") }, icon("hourglass-split"), make("span", { class: "visually-hidden" }, say("waits"))));
  if (entry.counted && !entry.undone && entry.tone !== "danger") {
    const button = make("button", { type: "button", class: "btn btn-quiet", "aria-label": say("undoOf", { name: entry.name }) }, say("undo"));
    button.addEventListener("click", () => undo(entry.uuid));
    made.append(button);
  }
  return made;
}

/**
 * @param {Entry[]} entries that the server sees otherwise than was shown at the door
 * @param {(uuid: string) => void} putAway
 */
export function showAttention(entries, putAway) {
  part("attention-open").hidden = entries.length === 0;
  write("attention-count", say("attention", { n: entries.length }));
  part("attention-none").hidden = entries.length > 0;
  part("attention").replaceChildren(...entries.map((entry) => {
    const button = make("button", { type: "button", class: "btn btn-plain", "aria-label": say("putAwayOf", { name: entry.name || entry.title }) }, say("putAway"));
    button.addEventListener("click", () => putAway(entry.uuid));
    return make("li", { class: `recent-row tone-${entry.tone}` }, icon(ICONS[entry.tone]), who(entry), make("time", {}, dateTime(entry.at)), button);
  }));
}

/** @param {Entry} entry */
function who(entry) {
  const note = [entry.undone ? say("undone") : entry.name ? entry.title : "", entry.note].filter(Boolean).join(" · ");
  return make("span", { class: "recent-who" }, make("strong", {}, entry.name || entry.title), make("span", { class: "recent-note" }, note));
}

/**
 * @param {Learner[]} people
 * @param {Record<string, {status: string, at: number}>} marked
 * @param {(learner: Learner) => void} choose
 */
export function showFound(people, marked, choose) {
  write("found-more", people.length > SHOWN ? say("found.more", { n: people.length - SHOWN }) : "");
  part("found").replaceChildren(...people.slice(0, SHOWN).map((one) => {
    const mark = marked[one.enrolment];
    const told = [one.unit, one.phone_end ? `…${one.phone_end}` : "", mark ? say("already", { at: mark.at ? clockTime(mark.at) : "" }) : ""];
    const button = make("button", { type: "button", class: "btn btn-person" }, make("span", {}, make("strong", {}, one.name), make("small", {}, told.filter(Boolean).join(" · "))));
    button.addEventListener("click", () => choose(one));
    return make("li", {}, button);
  }));
}

/** Nothing about anybody stays on the page. */
export function showNobody() {
  showReady();
  /** @type {HTMLFormElement} */ (part("walk-in")).reset();
  /** @type {HTMLInputElement} */ (part("find-text")).value = "";
  for (const name of ["found", "found-more", "sessions", "choose-said"]) part(name).replaceChildren();
  write("session", say("scanner"));
}
