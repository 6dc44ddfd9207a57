// The server's time on a tablet whose own clock may be wrong: the answer that came back fastest tells best.
import { recall, remember } from "./store.js";

const GOOD_FOR = 10 * 60_000;

const MONTHS = 60 * 86_400_000;

/** @type {{ahead: number, trip: number, at: number} | null} */
let best = null;

export async function loadClock() {
  best = (await recall("clock")) ?? null;
}

/**
 * @param {number} asked when the question left, by this clock
 * @param {number} answered when the answer came, by this clock
 * @param {number} server what the server's clock said in between
 */
export function learnClock(asked, answered, server) {
  const trip = answered - asked;
  const found = { ahead: Math.round((asked + answered) / 2 - server), trip, at: answered };
  const stale = !best || Math.abs(answered - best.at) > GOOD_FOR;
  // A clock that somebody has set meanwhile must not be trusted for what it said before.
  const moved = best !== null && Math.abs(found.ahead - best.ahead) > trip + best.trip + 2000;
  if (stale || moved || !best || trip <= best.trip) {
    best = found;
    remember("clock", best).catch(() => {});
  }
}

/** How far this clock is ahead of the server's, in milliseconds; null while nothing is known. */
export const ahead = () => (best ? best.ahead : null);
/** What the server's clock says now. */
export const serverNow = () => Date.now() - (best ? best.ahead : 0);

/**
 * The time by which lists go. A clock that was set back, or stands months after the last contact, is not believed: then
 * it is the time of that contact.
 */
export function believedNow() {
  const now = serverNow();
  if (!best) return now;
  const heard = best.at - best.ahead;
  return now < heard || now - heard > MONTHS ? heard : now;
}
