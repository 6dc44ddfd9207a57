// Answers that the server has not acknowledged yet. They are kept in the browser until it has: a page that is closed, a
// phone that restarts or a network that is away for an hour loses none.

/** @typedef {{sequence: number, answer: import("./fields.js").Answer}} Waiting */

export class Queue {
  /** @param {string} attempt */
  constructor(attempt) {
    this.key = `exam:${attempt}`;
    /** @type {Map<number, Waiting>} */
    this.waiting = new Map();
    /** Whether other pages of this attempt see what this one writes. */
    this.shared = true;
    /** The highest number used for each question, by any page of this device. @type {Map<number, number>} */
    this.highest = new Map();
    this.sweep();
    const kept = this.read();
    for (const [position, one] of Object.entries(kept.waiting)) this.waiting.set(Number(position), one);
    this.learn(kept);
  }

  get size() {
    return this.waiting.size;
  }

  /** @returns {{waiting: Record<string, Waiting>, highest: Record<string, number>}} */
  read() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.key) ?? "{}");
      return { waiting: kept?.waiting ?? {}, highest: kept?.highest ?? {} };
    } catch {
      return { waiting: {}, highest: {} }; // A browser that keeps nothing still sends at once.
    }
  }

  /** @param {{highest: Record<string, number>}} kept what another page of this attempt may have written meanwhile */
  learn(kept) {
    for (const [position, sequence] of Object.entries(kept.highest)) this.know(Number(position), sequence);
  }

  /**
   * Whether what waits would survive the closing of this page. What another page of this attempt has put there waits on.
   * @param {number} [done] the position that this page has just changed or seen settled
   * @param {number} [upTo] the highest number that is settled there
   */
  write(done, upTo = Infinity) {
    try {
      const others = Object.entries(this.read().waiting).filter(
        ([position, one]) =>
          (this.waiting.get(Number(position))?.sequence ?? 0) < one.sequence &&
          (Number(position) !== done || one.sequence > upTo),
      );
      const waiting = { ...Object.fromEntries(this.waiting), ...Object.fromEntries(others) };
      const kept = { waiting, highest: Object.fromEntries(this.highest) };
      localStorage.setItem(this.key, JSON.stringify(kept));
      this.shared = true;
    } catch {
      this.shared = false;
    }
    return this.shared;
  }

  /** Take over what other pages of this attempt have put aside meanwhile. */
  gather() {
    const kept = this.read();
    this.learn(kept);
    for (const [position, one] of Object.entries(kept.waiting)) {
      if ((this.waiting.get(Number(position))?.sequence ?? 0) < one.sequence) this.waiting.set(Number(position), one);
    }
  }

  /** What waited here before the attempt went to another device and came back is older than what was answered there. */
  sweep() {
    try {
      const family = this.key.slice(0, this.key.lastIndexOf(".") + 1);
      for (const key of Object.keys(localStorage)) if (key.startsWith(family) && key !== this.key) localStorage.removeItem(key);
    } catch {
      // Nothing was kept.
    }
  }

  /** The attempt is over: nothing of it stays on the device. */
  forget() {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // Nothing was kept.
    }
  }

  /**
   * A number that is used: a later answer must have a higher one.
   * @param {number} position
   * @param {number} sequence
   */
  know(position, sequence) {
    this.highest.set(position, Math.max(this.highest.get(position) ?? 0, sequence));
  }

  /**
   * Whether it is kept safely.
   * @param {number} position
   * @param {import("./fields.js").Answer} answer
   */
  put(position, answer) {
    this.learn(this.read());
    const sequence = (this.highest.get(position) ?? 0) + 1;
    this.know(position, sequence);
    this.waiting.set(position, { sequence, answer });
    return this.write();
  }

  /** What is to be sent now: small enough for one request whatever happened. */
  batch() {
    return [...this.waiting].slice(0, 60).map(([i, { sequence, answer }]) => ({ i, s: sequence, a: answer }));
  }

  /**
   * Another answer has this number, given by a page that this one could not see: what waits goes again, under a higher one.
   * @param {number} position
   * @param {number} sequence
   */
  renumber(position, sequence) {
    this.know(position, sequence);
    const kept = this.waiting.get(position);
    if (kept && kept.sequence <= sequence) this.put(position, kept.answer);
  }

  /**
   * The server has this answer, or a later one: it no longer waits, unless it was changed in the meantime. A higher number
   * than ours belongs to another page; where the browser keeps nothing that page knew nothing of us, and is not later.
   * @param {number} position
   * @param {number} sequence
   */
  acknowledge(position, sequence) {
    this.learn(this.read());
    this.know(position, sequence);
    const kept = this.waiting.get(position);
    if (kept && kept.sequence < sequence && !this.shared) return this.renumber(position, sequence);
    if (kept && kept.sequence <= sequence) this.waiting.delete(position);
    this.write(position, sequence);
    return undefined;
  }

  /**
   * The server will never take this one; it has said why.
   * @param {number} position
   */
  drop(position) {
    this.waiting.delete(position);
    this.write(position);
  }
}
