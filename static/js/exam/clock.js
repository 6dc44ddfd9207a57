// The learner's clock: the server's, carried on by this browser's monotonic one. The device's own time is not asked.

export class Clock {
  constructor() {
    this.offset = -Infinity;
    this.deadline = 0;
    this.paused = false;
    this.heardAt = 0;
  }

  /** @param {{now: number, deadline: number, paused: boolean}} heard milliseconds of the server */
  hear(heard) {
    // The answer was under way for a while, so the server is at least this far; the best estimate is the largest.
    const estimate = heard.now - performance.now();
    if (estimate > this.offset || this.offset - estimate > 5000) this.offset = estimate;
    this.deadline = heard.deadline;
    this.paused = heard.paused;
    this.heardAt = heard.now;
  }

  get now() {
    return performance.now() + this.offset;
  }

  /** Milliseconds that are left; while the test is paused they stand still. */
  get left() {
    return Math.max(0, this.deadline - (this.paused ? this.heardAt : this.now));
  }
}

/** @param {number} milliseconds */
export function spelled(milliseconds) {
  const seconds = Math.ceil(milliseconds / 1000);
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  return (hours ? `${hours}:${two(Math.floor(seconds / 60) % 60)}` : String(Math.floor(seconds / 60))) + `:${two(seconds % 60)}`;
}
