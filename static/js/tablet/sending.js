// Brings what waits to the server. An item leaves the tablet only when the server has given its final word on it.
import { ask } from "./api.js";
import { ahead } from "./clock.js";
import { delivered, queueLength, waiting } from "./store.js";

/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {"sent" | "offline" | "unknown" | "busy" | "kept"} Outcome */

const TOGETHER = 100;

/**
 * One tab sends at a time. Resolves to why it stopped: all sent, no network, the tablet is not known, the server
 * could not, or something must wait.
 * @param {(answer: Answer) => void} told called for every final answer
 * @returns {Promise<Outcome>}
 */
export function send(told) {
  if (!("locks" in navigator)) return sendAll(told);
  /** @returns {Promise<Outcome>} */
  const elsewhere = async () => "busy";
  return navigator.locks.request("tablet-send", { ifAvailable: true }, (lock) => (lock ? sendAll(told) : elsewhere()));
}

/**
 * @param {(answer: Answer) => void} told
 * @returns {Promise<Outcome>}
 */
async function sendAll(told) {
  /** Items that must wait; those behind them are sent all the same. */
  const held = new Set();
  for (;;) {
    const rows = (await waiting(TOGETHER + held.size)).filter((row) => !held.has(row.order)).slice(0, TOGETHER);
    if (!rows.length) return held.size ? "kept" : "sent";
    let reply;
    try {
      reply = await ask("items", {
        sent_at: Date.now(), ahead_ms: ahead(), queue: await queueLength(), items: rows.map((row) => row.item),
      });
    } catch {
      return "offline";
    }
    if (reply.status === 401) return "unknown";
    if (reply.status !== 200 || !Array.isArray(reply.data.answers)) return "busy";
    for (const [place, row] of rows.entries()) {
      const answer = /** @type {Answer | undefined} */ (reply.data.answers[place]);
      if (!answer?.final || (answer.uuid && answer.uuid !== row.item.uuid)) {
        held.add(row.order);
        continue;
      }
      await delivered(row.order);
      told({ ...answer, uuid: row.item.uuid });
    }
  }
}
