// What happens with each reading: the answer at once, the scan into the queue, the last ten with a way back.
import { serverNow, ahead } from "./clock.js";
import { Index, arrive, decide } from "./deciding.js";
import { clockTime, say } from "./page.js";
import { stretch } from "./stretching.js";
import { enqueue, recall, remember, roster as loadRoster } from "./store.js";

/** @typedef {import("./types.js").Session} Session */
/** @typedef {import("./types.js").Item} Item */
/** @typedef {import("./types.js").Entry} Entry */
/** @typedef {import("./types.js").Learner} Learner */
/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./deciding.js").Decision} Decision */
/** @typedef {import("./reading.js").Reading} Reading */

/** A code that stays in view is one scan, however long; it must be away for so long to count again. */
const SAME_FOR = 2500;
const RECENT = 10;
const TOLD_BY_SERVER = { accepted: "success", duplicate: "attention", proposed: "attention", quarantined: "attention", refused: "danger" };

export class Scanner {
  constructor() {
    /** @type {{decided: (decision: Decision, entry: Entry | null) => void, changed: () => void}} what shows it */
    this.screen = { decided() {}, changed() {} };
    /** @type {Session | null} */
    this.session = null;
    /** @type {Index | null} */
    this.index = null;
    /** @type {Record<string, {status: string, at: number}>} */
    this.marked = {};
    /** @type {Entry[]} */
    this.recent = [];
    /** @type {"in" | "out"} */
    this.direction = "in";
    /** @type {string | null} */
    this.staff = null;
    this.last = "";
    this.lastAt = 0;
  }

  /** @param {Session} session whose roster is on the tablet; false when it is not */
  async open(session) {
    const roster = await loadRoster(session.class_id);
    if (!roster) return false;
    this.index = new Index(roster);
    this.session = roster.sessions.find((one) => one.id === session.id) ?? session;
    const known = (await recall(`marks:${session.id}`)) ?? {};
    for (const [place, status] of Object.entries(roster.marks[session.id] ?? {})) {
      known[place] ??= { status, at: 0 };
    }
    this.marked = known;
    this.recent = (await recall("recent")) ?? [];
    if (!this.session.check_out) this.direction = "in";
    return true;
  }

  /** @param {Reading} reading resolves to whether it was a scan of its own */
  async read(reading) {
    if (!this.session || !this.index) return false;
    const name = JSON.stringify(reading);
    const now = performance.now();
    const same = name === this.last && now - this.lastAt < SAME_FOR;
    this.last = name;
    this.lastAt = now;
    if (same) return false;
    const hash = reading.kind === "card" ? await stretch(reading.number, this.index.roster) : null;
    await this.settle(decide(reading, this.index, this.session, hash, this.given()));
    return true;
  }

  given() {
    return { now: serverNow(), direction: this.direction, marked: this.marked };
  }

  /** @param {Learner} learner chosen by name; with a blank badge that is then this learner's */
  async pick(learner, blank = "") {
    if (!this.session || !this.index) return;
    /** @type {Record<string, string> & {kind: string}} */
    const item = blank
      ? { kind: "tie", badge: blank, enrolment: learner.enrolment }
      : { kind: "picked", enrolment: learner.enrolment };
    const decision = arrive(learner, this.session, item, this.given());
    if (blank && decision.tone !== "danger") {
      this.index.blanks.delete(blank);
      this.index.byBadge.set(blank, learner);
    }
    await this.settle(decision);
  }

  /** @param {Record<string, string>} facts typed at the door, or read off a card */
  async takeIn(facts) {
    if (!this.session) return;
    const late = serverNow() >= this.session.late_from;
    /** @type {Learner} */
    const learner = {
      enrolment: "", code: "", name: facts.name, fold: "", unit: facts.unit ?? "", phone_end: "", walk_in: true,
      badges: [], old_badges: [], id_hash: null,
    };
    const item = { kind: "walk_in", ...facts };
    await this.settle({ tone: late ? "attention" : "success", what: "takenIn", learner, at: serverNow(), status: late ? "late" : "present", item });
    if (facts.badge) this.index?.blanks.delete(facts.badge);
  }

  /** @param {Decision} decision shown only when what it rests on is on the disk */
  async settle(decision) {
    let entry = null;
    if (decision.item) {
      const item = this.item(decision.item);
      await enqueue(item);
      entry = this.note(item, decision);
      await this.keep(decision);
    }
    this.screen.decided(decision, entry);
    this.screen.changed();
  }

  /** @param {Record<string, string> & {kind: string}} said @returns {Item} */
  item(said) {
    const session = /** @type {Session} */ (this.session);
    return {
      ...said, uuid: crypto.randomUUID(), session: session.id, at: Date.now(), ahead_ms: ahead(), staff: this.staff,
      direction: this.direction,
    };
  }

  /** @param {Item} item @param {Decision} decision @returns {Entry} */
  note(item, decision) {
    const { title, note } = phrase(decision);
    /** @type {Entry} */
    const entry = {
      uuid: item.uuid, tone: decision.tone, title, note, name: decision.learner?.name ?? decision.card?.name ?? "",
      at: serverNow(), enrolment: decision.learner?.enrolment ?? "", undone: false, sent: false,
    };
    this.recent = [entry, ...this.recent].slice(0, RECENT);
    return entry;
  }

  /** @param {Decision} decision */
  async keep(decision) {
    const place = decision.learner?.enrolment;
    if (place && decision.status && decision.tone !== "danger" && decision.what !== "already" && !this.marked[place]) {
      this.marked[place] = { status: decision.status, at: decision.at ?? serverNow() };
      await remember(`marks:${this.session?.id}`, this.marked);
    }
    await remember("recent", this.recent);
  }

  /** @param {string} uuid take a scan of the last ten back */
  async undo(uuid) {
    const entry = this.recent.find((one) => one.uuid === uuid);
    if (!entry || entry.undone || !this.session) return;
    await enqueue(this.item({ kind: "undo", target: uuid }));
    entry.undone = true;
    const others = this.recent.some((one) => one.enrolment === entry.enrolment && !one.undone && one.uuid !== uuid);
    if (entry.enrolment && !others) {
      delete this.marked[entry.enrolment];
      await remember(`marks:${this.session.id}`, this.marked);
    }
    await remember("recent", this.recent);
    this.last = "";
    this.screen.changed();
  }

  /** @param {Answer} answer the server's word; where it differs from what was shown, it is shown now */
  async told(answer) {
    const entry = this.recent.find((one) => one.uuid === answer.uuid);
    if (!entry) return;
    entry.sent = true;
    const tone = /** @type {import("./types.js").Tone} */ (TOLD_BY_SERVER[/** @type {keyof typeof TOLD_BY_SERVER} */ (answer.outcome)] ?? "attention");
    const differs = (tone === "danger") !== (entry.tone === "danger") || answer.outcome === "quarantined" || answer.guest;
    if (answer.name) entry.name = answer.name;
    if (differs || answer.code) {
      entry.tone = answer.status === "late" && tone === "success" ? "attention" : tone;
      entry.title = answer.guest ? say("guest") : tone === "success" || tone === "attention" ? say(`server.${answer.outcome}`) : say("server.refused");
      entry.note = answer.words || (answer.at ? clockTime(answer.at) : "");
      if (answer.outcome === "refused" && entry.enrolment && this.marked[entry.enrolment] && !entry.undone) {
        delete this.marked[entry.enrolment];
      }
    }
    await remember("recent", this.recent);
    this.screen.changed();
  }

  get came() {
    return Object.keys(this.marked).length;
  }
}

/** @param {Decision} decision what is said, and the line below it */
export function phrase(decision) {
  const at = decision.at ? clockTime(decision.at) : "";
  const given = { at, name: decision.learner?.name ?? "", other: decision.other ?? "" };
  return { title: say(decision.what, given), note: [decision.learner?.unit, say(`${decision.what}.note`, given)].filter((one) => one && !one.endsWith(".note")).join(" · ") };
}
