// What happens with each reading: the answer at once, the scan into the queue, the last ten with a way back.
import { Book } from "./book.js";
import { serverNow, ahead } from "./clock.js";
import { Index, arrive, decide } from "./deciding.js";
import { clockTime, say } from "./page.js";
import { stretch } from "./stretching.js";
import { applyTies, dropTie, keepTie } from "./ties.js";
import { enqueue, roster as loadRoster } from "./store.js";

/** @typedef {import("./types.js").Session} Session */
/** @typedef {import("./types.js").Item} Item */
/** @typedef {import("./types.js").Entry} Entry */
/** @typedef {import("./types.js").Learner} Learner */
/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./deciding.js").Decision} Decision */
/** @typedef {import("./reading.js").Reading} Reading */

/** A code that stays in view is one scan, however long; it must be away for so long to count again. */
const SAME_FOR = 2500;

export class Scanner {
  constructor() {
    /**
     * What shows it.
     * @type {{decided: (decision: Decision, entry: Entry | null) => void, corrected: (entry: Entry, refused: boolean) => void, changed: () => void}}
     */
    this.screen = { decided() {}, corrected() {}, changed() {} };
    /** @type {Session | null} */
    this.session = null;
    /** @type {Index | null} */
    this.index = null;
    this.book = new Book();
    /** @type {"in" | "out"} */
    this.direction = "in";
    /** @type {string | null} */
    this.staff = null;
    /** Counts on when whoever holds the tablet is another. */
    this.holder = 0;
    /** @type {Map<string, number>} each reading in view, and when it was last seen */
    this.seen = new Map();
  }

  /** @param {Session} session whose roster is on the tablet; false when it is not */
  async open(session) {
    const roster = await loadRoster(session.class_id);
    if (!roster) return false;
    await applyTies(roster);
    this.index = new Index(roster);
    this.session = roster.sessions.find((one) => one.id === session.id) ?? session;
    await this.book.turnTo(session.id, roster);
    if (!this.session.check_out) this.direction = "in";
    return true;
  }

  /** No session is open, and no list of one is in memory. */
  close() {
    this.session = null;
    this.index = null;
    this.book.session = "";
    this.book.marked = {};
    this.seen.clear();
  }

  /** Nobody is known here any more; what is still being read then is kept, but not shown. */
  forget() {
    this.close();
    this.book.forget();
    this.staff = null;
    this.holder += 1;
    this.screen.changed();
  }

  /** @param {Reading} reading resolves to whether it was a scan of its own */
  async read(reading) {
    if (!this.session || !this.index) return false;
    if (this.inView(JSON.stringify(reading))) return false;
    const hash = reading.kind === "card" ? await stretch(reading.number, this.index.roster) : null;
    if (!this.session || !this.index) return false;
    await this.settle(decide(reading, this.index, this.session, hash, this.given()));
    return true;
  }

  /** @param {string} name of a reading; whether it has not been away since it was last read */
  inView(name) {
    const now = performance.now();
    for (const [one, at] of this.seen) if (now - at >= SAME_FOR) this.seen.delete(one);
    const same = this.seen.has(name);
    this.seen.set(name, now);
    return same;
  }

  given() {
    return { now: serverNow(), direction: this.direction, marked: this.book.marked };
  }

  /** @param {Learner} learner chosen by name; with a blank badge that is then this learner's */
  async pick(learner, blank = "") {
    if (!this.session || !this.index) return;
    /** @type {Record<string, string> & {kind: string}} */
    const item = blank
      ? { kind: "tie", badge: blank, enrolment: learner.enrolment }
      : { kind: "picked", enrolment: learner.enrolment };
    const decision = arrive(learner, this.session, item, this.given());
    await this.settle(decision, { tie: () => blank ? this.tie(blank, learner) : null });
  }

  /** @param {string} badge no longer blank, here and on the disk @param {Learner} [learner] whose it is, when on the list */
  async tie(badge, learner) {
    if (!this.index) return;
    this.index.blanks.delete(badge);
    if (learner) this.index.byBadge.set(badge, learner);
    await keepTie(this.index.roster.id, badge, learner?.enrolment ?? "");
  }

  /** @param {Record<string, string>} facts typed at the door, or read off a card: somebody who comes in */
  async takeIn(facts) {
    if (!this.session) return;
    /** @type {Learner} */
    const learner = {
      enrolment: "", code: "", name: facts.name, fold: "", unit: facts.unit ?? "", phone_end: "", walk_in: true,
      badges: [], old_badges: [], id_hash: null,
    };
    const decision = arrive(learner, this.session, { kind: "walk_in", ...facts }, { ...this.given(), direction: "in" });
    const good = decision.tone !== "danger";
    const tie = () => facts.badge ? this.tie(facts.badge) : null;
    await this.settle(good ? { ...decision, what: "takenIn" } : decision, { direction: "in", tie });
  }

  /**
   * @param {Decision} decision shown only when what it rests on is on the disk
   * @param {{direction?: "in" | "out", tie?: () => Promise<void> | null}} [more] the tie of a badge that this gives away
   */
  async settle(decision, { direction = this.direction, tie } = {}) {
    let entry = null;
    const holder = this.holder;
    if (decision.item) {
      const item = this.item(decision.item, { direction });
      await enqueue(item);
      if (holder !== this.holder) return;
      if (decision.tone !== "danger") await tie?.();
      entry = this.entry(item, decision);
      await this.book.add(entry);
    }
    this.screen.decided(decision, entry);
    this.screen.changed();
  }

  /**
   * @param {Record<string, string> & {kind: string}} said
   * @param {{session?: string, direction: "in" | "out"}} where the open session, unless another is named
   * @returns {Item}
   */
  item(said, { session = this.session?.id ?? "", direction }) {
    return { ...said, uuid: crypto.randomUUID(), session, at: Date.now(), ahead_ms: ahead(), staff: this.staff, direction };
  }

  /** @param {Item} item @param {Decision} decision @returns {Entry} */
  entry(item, decision) {
    const { title, note } = phrase(decision);
    const { learner, status } = decision;
    const good = decision.tone !== "danger";
    const first = good && learner?.enrolment && status && decision.what !== "already";
    return {
      uuid: item.uuid, session: item.session, direction: item.direction, tone: decision.tone, title, note,
      name: learner?.name ?? decision.card?.name ?? "", at: serverNow(), enrolment: learner?.enrolment ?? "",
      counted: good && item.kind !== "unread" && decision.what !== "strangeCard",
      mark: first ? { status, at: decision.at ?? serverNow() } : null, undone: false, sent: false,
      tie: item.badge && item.kind !== "badge" ? { roster: this.session?.class_id ?? "", badge: item.badge } : null,
    };
  }

  /** @param {string} uuid take a scan of the last ten back, in the session that it was for */
  async undo(uuid) {
    const entry = this.book.recent.find((one) => one.uuid === uuid);
    if (!entry || entry.undone) return;
    const item = this.item({ kind: "undo", target: uuid }, entry);
    await enqueue(item);
    await this.book.takeBack(item.uuid, entry);
    this.seen.clear();
    this.screen.changed();
  }

  /** @param {Answer} answer */
  async told(answer) {
    const entry = await this.book.told(answer);
    if (!entry) return;
    if (entry.tie && (answer.outcome === "refused" || answer.code)) {
      await dropTie(entry.tie.roster, entry.tie.badge);
      this.index?.byBadge.delete(entry.tie.badge);
    }
    this.screen.corrected(entry, answer.outcome === "refused");
    this.screen.changed();
  }
}

/** @param {Decision} decision what is said, and the line below it */
export function phrase(decision) {
  const at = decision.at ? clockTime(decision.at) : "";
  const given = { at, name: decision.learner?.name ?? "", other: decision.other ?? "" };
  return { title: say(decision.what, given), note: [decision.learner?.unit, say(`${decision.what}.note`, given)].filter((one) => one && !one.endsWith(".note")).join(" · ") };
}
