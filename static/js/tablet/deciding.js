// What the tablet answers by itself, from the roster it keeps: pure, so that it can be right without a network.

import { fold } from "../lib/text.js";

/** @typedef {import("./types.js").Roster} Roster */
/** @typedef {import("./types.js").Session} Session */
/** @typedef {import("./types.js").Learner} Learner */
/** @typedef {import("./types.js").Tone} Tone */
/** @typedef {import("./reading.js").Reading} Reading */
/**
 * `what` names the words; `item` is what is sent (null: nothing); `ask` is what the trainer may do next.
 * @typedef {{tone: Tone, what: string, learner?: Learner, status?: string, at?: number, other?: string,
 *   item: Record<string, string> & {kind: string} | null, ask?: "walk_in" | "tie", card?: Extract<Reading, {kind: "card"}>,
 *   blank?: string}} Decision
 */

/** Finds learners by what a code says; made once for a roster. */
export class Index {
  /** @param {Roster} roster */
  constructor(roster) {
    this.roster = roster;
    /** @type {Map<string, Learner>} */
    this.byBadge = new Map();
    /** @type {Map<string, Learner>} */
    this.byOldBadge = new Map();
    /** @type {Map<string, Learner>} */
    this.byCode = new Map();
    /** @type {Map<string, Learner>} */
    this.byHash = new Map();
    /** @type {Map<string, Learner>} */
    this.byPlace = new Map();
    this.blanks = new Set(roster.blanks);
    for (const learner of roster.learners) {
      for (const code of learner.badges) this.byBadge.set(code, learner);
      for (const code of learner.old_badges) this.byOldBadge.set(code, learner);
      this.byCode.set(learner.code, learner);
      this.byPlace.set(learner.enrolment, learner);
      if (learner.id_hash) this.byHash.set(learner.id_hash, learner);
    }
  }
}

/**
 * @param {Reading} reading
 * @param {Index} index
 * @param {Session} session
 * @param {string | null} hash the stretched number of a card
 * @param {{now: number, direction: "in" | "out", marked: Record<string, {status: string, at: number}>}} given
 * @returns {Decision}
 */
export function decide(reading, index, session, hash, given) {
  if (reading.kind === "badge") return decideBadge(reading.code, index, session, given);
  if (reading.kind === "code") {
    const learner = index.byCode.get(reading.code);
    const item = { kind: "badge", code: reading.code };
    return learner ? arrive(learner, session, item, given) : { tone: "attention", what: "notHere", item };
  }
  if (reading.kind === "card") return decideCard(reading, index, session, hash, given);
  if (reading.kind === "sheet") {
    return reading.session === session.id
      ? { tone: "attention", what: "ownSheet", item: null }
      : { tone: "attention", what: "otherSheet", item: null };
  }
  const unread = (/** @type {string} */ why) => ({ kind: "unread", why });
  if (reading.kind === "badCard") return { tone: "danger", what: "badCard", item: unread("card") };
  if (reading.kind === "cut") return { tone: "danger", what: "cut", item: unread("truncated") };
  return { tone: "attention", what: reading.kind, item: unread("foreign") };
}

/**
 * @param {string} code
 * @param {Index} index
 * @param {Session} session
 * @param {{now: number, direction: "in" | "out", marked: Record<string, {status: string, at: number}>}} given
 * @returns {Decision}
 */
function decideBadge(code, index, session, given) {
  const item = { kind: "badge", badge: code };
  const learner = index.byBadge.get(code);
  if (learner) return arrive(learner, session, item, given);
  const old = index.byOldBadge.get(code);
  if (old) return { tone: "danger", what: "replaced", learner: old, item };
  if (index.blanks.has(code)) return { tone: "attention", what: "blank", blank: code, ask: "tie", item: null };
  return { tone: "attention", what: "notHere", item };
}

/**
 * @param {Extract<Reading, {kind: "card"}>} card
 * @param {Index} index
 * @param {Session} session
 * @param {string | null} hash
 * @param {{now: number, direction: "in" | "out", marked: Record<string, {status: string, at: number}>}} given
 * @returns {Decision}
 */
function decideCard(card, index, session, hash, given) {
  const learner = hash ? index.byHash.get(hash) : undefined;
  if (!learner) {
    const item = { kind: "card", number: card.number, name: card.name };
    return { tone: "attention", what: "strangeCard", card, ask: "walk_in", item };
  }
  if (fold(card.name) === learner.fold) {
    return arrive(learner, session, { kind: "card", enrolment: learner.enrolment }, given);
  }
  const item = { kind: "card", enrolment: learner.enrolment, card_name: card.name };
  const decision = arrive(learner, session, item, given);
  return decision.tone === "danger" ? decision : { ...decision, tone: "attention", what: "otherName", other: card.name };
}

/**
 * @param {Learner} learner
 * @param {Session} session
 * @param {Record<string, string> & {kind: string}} item
 * @param {{now: number, direction: "in" | "out", marked: Record<string, {status: string, at: number}>}} given
 * @returns {Decision}
 */
export function arrive(learner, session, item, given) {
  const at = given.now;
  if (session.state === "cancelled") return { tone: "danger", what: "cancelled", learner, item };
  if (at < session.opens_at) return { tone: "danger", what: "tooEarly", learner, at: session.opens_at, item };
  if (at >= session.closes_at) return { tone: "danger", what: "tooLate", learner, at: session.closes_at, item };
  if (given.direction === "out") return { tone: "success", what: "left", learner, at, item };
  const mark = given.marked[learner.enrolment];
  if (mark) return { tone: "attention", what: "already", learner, status: mark.status, at: mark.at, item };
  const status = at >= session.late_from ? "late" : "present";
  return { tone: status === "late" ? "attention" : "success", what: status, learner, status, at, item };
}

/**
 * Learners whose name, unit or code has all these words: before the others those whose name is made of them ("an" is
 * in every "Hoàng", too), else in the order of the roster.
 * @param {Roster} roster
 * @param {string} text
 */
export function find(roster, text) {
  const words = fold(text).split(" ").filter(Boolean);
  if (!words.length) return [];
  const found = roster.learners.filter((one) => {
    const said = `${one.fold} ${fold(one.unit)} ${one.code.toLowerCase()} ${one.phone_end}`;
    return words.every((word) => said.includes(word));
  });
  const far = new Map(found.map((one) => [one, words.filter((word) => !one.fold.split(" ").includes(word)).length]));
  return found.sort((one, other) => (far.get(one) ?? 0) - (far.get(other) ?? 0));
}
