// Answers that the server has not acknowledged yet. They are kept in the browser until it has: a page that is closed, a
// phone that restarts or a network that is away for an hour loses none.

/** @typedef {{sequence: number, answer: import("./fields.js").Answer}} Waiting */

export class Queue {
  /** @param {string} attempt */
  constructor(attempt) {
    this.key = `exam:${attempt}`;
    /** @type {Map<number, Waiting>} */
    this.waiting = new Map();
    /** The highest sequence number known for each question. @type {Map<number, number>} */
    this.highest = new Map();
    for (const [position, kept] of Object.entries(this.read())) this.waiting.set(Number(position), kept);
  }

  get size() {
    return this.waiting.size;
  }

  /** @returns {Record<string, Waiting>} */
  read() {
    try {
      return JSON.parse(localStorage.getItem(this.key) ?? "{}") ?? {};
    } catch {
      return {}; // A browser that keeps nothing still sends at once.
    }
  }

  /** Whether what waits would survive the closing of this page. */
  write() {
    try {
      if (this.waiting.size) localStorage.setItem(this.key, JSON.stringify(Object.fromEntries(this.waiting)));
      else localStorage.removeItem(this.key);
      return true;
    } catch {
      return false;
    }
  }

  /**
   * What the server says it has: a later answer must have a higher number.
   * @param {number} position
   * @param {number} sequence
   */
  know(position, sequence) {
    this.highest.set(position, Math.max(this.highest.get(position) ?? 0, sequence));
  }

  /**
   * @param {number} position
   * @param {import("./fields.js").Answer} answer
   */
  put(position, answer) {
    const sequence = Math.max(this.highest.get(position) ?? 0, this.waiting.get(position)?.sequence ?? 0) + 1;
    this.waiting.set(position, { sequence, answer });
    return this.write();
  }

  /** What is to be sent now: small enough for one request whatever happened. */
  batch() {
    return [...this.waiting].slice(0, 60).map(([i, { sequence, answer }]) => ({ i, s: sequence, a: answer }));
  }

  /**
   * The server has this answer, or a later one: it no longer waits, unless it was changed in the meantime.
   * @param {number} position
   * @param {number} sequence
   */
  acknowledge(position, sequence) {
    this.know(position, sequence);
    const kept = this.waiting.get(position);
    if (kept && kept.sequence <= sequence) this.waiting.delete(position);
    this.write();
  }

  /**
   * The number was used by another page of this device for another answer: this one goes again, under the next one.
   * @param {number} position
   * @param {number} sequence
   */
  renumber(position, sequence) {
    const kept = this.waiting.get(position);
    this.know(position, sequence);
    if (kept) this.put(position, kept.answer);
  }

  /**
   * The server will never take this one; it has said why.
   * @param {number} position
   */
  drop(position) {
    this.waiting.delete(position);
    this.write();
  }
}
