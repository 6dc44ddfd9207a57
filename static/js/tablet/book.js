// What the page has said so far: the last ten, who came, and what somebody must look at since the server said otherwise.
import { fold } from "../lib/text.js";
import { serverNow } from "./clock.js";
import { clockTime, say } from "./page.js";
import { forget, recall, remember } from "./store.js";

/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./types.js").Entry} Entry */
/** @typedef {import("./types.js").Known} Known */
/** @typedef {import("./types.js").Roster} Roster */
/** @typedef {import("./types.js").Tone} Tone */

const RECENT = 10;
const ATTENTION = 300;
/** Refusals that the tablet has told already, and with what to do. */
const KNOWN = [
  "scan.foreign_code", "scan.truncated", "scan.card_unreadable", "scan.card_unknown", "scan.too_early", "scan.too_late", "scan.cancelled",
  "badge.replaced",
];
/** @type {Record<string, Tone>} */
const TOLD_BY_SERVER = { accepted: "success", duplicate: "attention", proposed: "attention", quarantined: "attention", refused: "danger" };

export class Book {
  constructor() {
    this.forget();
  }

  /** Nothing of it stays in memory. */
  forget() {
    this.session = "";
    /** @type {Record<string, Known>} who came to the open session, by place */
    this.marked = {};
    /** @type {Entry[]} of all sessions, the newest first */
    this.recent = [];
    /** @type {Entry[]} */
    this.attention = [];
    /** @type {Record<string, Entry>} what was taken back, by the uuid of the undo that waits for its answer */
    this.undos = {};
  }

  async load() {
    Object.assign(this, (await recall("book")) ?? {});
  }

  /** @param {string[]} sessions whose class has left the tablet */
  async leaveOut(sessions) {
    const stays = (/** @type {Entry} */ one) => !sessions.includes(one.session);
    this.recent = this.recent.filter(stays);
    this.attention = this.attention.filter(stays);
    await this.save();
  }

  save() {
    return remember("book", { recent: this.recent, attention: this.attention, undos: this.undos });
  }

  /** @param {string} session @param {Roster} roster */
  async turnTo(session, roster) {
    const known = await this.marksOf(session);
    for (const [place, status] of Object.entries(roster.marks[session] ?? {})) known[place] ??= { status, at: 0 };
    this.session = session;
    this.marked = known;
  }

  /** @param {string} session @returns {Promise<Record<string, Known>>} */
  async marksOf(session) {
    return session === this.session ? this.marked : ((await recall(`marks:${session}`)) ?? {});
  }

  /** @param {Entry} entry whose mark is the first of that learner in that session */
  async mark(entry) {
    const marks = await this.marksOf(entry.session);
    if (!entry.mark || marks[entry.enrolment]) return;
    marks[entry.enrolment] = entry.mark;
    await remember(`marks:${entry.session}`, marks);
  }

  /** @param {Entry} entry whose mark goes, unless another of the last ten stands for it */
  async unmark(entry) {
    if (!entry.mark) return;
    const other = this.recent.find((one) => one.uuid !== entry.uuid && stands(one, entry));
    if (other) {
      other.mark = entry.mark;
      return;
    }
    const marks = await this.marksOf(entry.session);
    delete marks[entry.enrolment];
    await remember(`marks:${entry.session}`, marks);
  }

  /** @param {Entry} entry comes first; one that leaves the last ten unsent is kept until the server has answered it */
  async add(entry) {
    this.recent.unshift(entry);
    for (const gone of this.recent.splice(RECENT)) if (!gone.sent) await remember(`shown:${gone.uuid}`, gone);
    await this.mark(entry);
    await this.save();
  }

  /** @param {string} uuid of an undo @param {Entry} entry what it takes back */
  async takeBack(uuid, entry) {
    entry.undone = true;
    await this.unmark(entry);
    this.undos[uuid] = { ...entry };
    await this.save();
  }

  /** @param {string} uuid @returns {Promise<Entry | undefined>} */
  async find(uuid) {
    const shown = this.recent.find((one) => one.uuid === uuid);
    if (shown) return shown;
    const kept = await recall(`shown:${uuid}`);
    if (kept) await forget(`shown:${uuid}`);
    return kept;
  }

  /**
   * @param {Answer} answer the server's word; where it differs from what was shown, it is shown now
   * @returns {Promise<Entry | undefined>} what it was about
   */
  async told(answer) {
    const undone = this.undos[answer.uuid];
    if (undone) return this.toldOfUndo(answer, undone);
    const entry = await this.find(answer.uuid);
    if (!entry) return;
    entry.sent = true;
    const turned = !entry.counted && answer.outcome === "accepted";
    const wrong = correct(entry, answer);
    if (turned && entry.direction === "in" && entry.enrolment && answer.status) {
      entry.mark = { status: answer.status, at: answer.at ?? serverNow() };
      await this.mark(entry);
    }
    if (answer.outcome === "refused" && !entry.undone) await this.unmark(entry);
    if (wrong && entry.counted && !entry.undone) this.point(entry);
    await this.save();
    return entry;
  }

  /** @param {Answer} answer @param {Entry} undone */
  async toldOfUndo(answer, undone) {
    delete this.undos[answer.uuid];
    const entry = this.recent.find((one) => one.uuid === undone.uuid) ?? undone;
    if (answer.outcome === "accepted" || answer.outcome === "duplicate") {
      if (answer.code) entry.note = answer.words;
    } else {
      Object.assign(entry, { undone: false, tone: "attention", title: say("undoRefused"), note: answer.words, mark: undone.mark });
      await this.mark(entry);
      this.point(entry);
    }
    await this.save();
    return entry;
  }

  /** @param {Entry} entry somebody must look at */
  point(entry) {
    this.attention = [{ ...entry }, ...this.attention.filter((one) => one.uuid !== entry.uuid)].slice(0, ATTENTION);
  }

  /** @param {string} uuid was looked at */
  async putAway(uuid) {
    this.attention = this.attention.filter((one) => one.uuid !== uuid);
    await this.save();
  }
}

/** @param {Entry} one @param {Entry} entry */
function stands(one, entry) {
  return one.counted && !one.undone && one.direction === "in" && one.session === entry.session && one.enrolment === entry.enrolment;
}

/**
 * Put the server's words where the tablet's were; says whether that is something else than was shown.
 * @param {Entry} entry
 * @param {Answer} answer
 */
function correct(entry, answer) {
  const no = answer.outcome === "refused";
  if (no && !entry.counted && KNOWN.includes(answer.code)) return false;
  const tone = TOLD_BY_SERVER[answer.outcome] ?? "attention";
  const undecided = no || answer.outcome === "quarantined";
  const other = !undecided && Boolean(answer.name && entry.name) && fold(answer.name) !== fold(entry.name);
  const turned = no !== (entry.tone === "danger");
  if (turned || other || answer.code || answer.guest || answer.outcome === "quarantined") {
    const plain = tone === "success" && answer.status !== "late" && !other && !answer.code;
    entry.tone = tone === "success" && !plain ? "attention" : tone;
    entry.title = other ? say("server.other", { shown: entry.name }) : answer.guest ? say("guest") : say(`server.${answer.outcome}`);
    entry.note = answer.words || clockTime(answer.at ?? serverNow());
  }
  if (answer.outcome === "accepted") entry.counted = true;
  if (answer.name && !(undecided && entry.name)) entry.name = answer.name;
  return undecided || other || (answer.outcome === "accepted" && Boolean(answer.code));
}
