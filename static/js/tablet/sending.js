// Brings what waits to the server. An item leaves the tablet only when the server has given its final word on it.
import { ask } from "./api.js";
import { ahead } from "./clock.js";
import { delivered, queueLength, waiting } from "./store.js";

/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./types.js").Item} Item */
/** @typedef {{order: number, item: Item}} Row */
/** @typedef {"sent" | "offline" | "slow" | "unknown" | "blocked" | "often" | "busy" | "elsewhere" | "kept"} Outcome */

const MOST = 100;
/** How long an item rests that the server could not even read by itself. */
const REST = 60_000;
/** So many that fail one after the other are not the items' fault. */
const ENOUGH = 3;
/** The server or the link had too much of it: the same again in smaller parts. */
const TOO_MUCH = new Set([400, 408, 413, 500, 504]);

/** How many go together: halved when that is too much for the link, doubled when it was not. */
let together = MOST;
/** @type {Map<number, number>} when each resting item may be tried again */
const resting = new Map();

/**
 * One tab sends at a time. Resolves to why it stopped: all sent, no network, the tablet is not known, the server
 * could not, or something must wait.
 * @param {(answer: Answer) => Promise<void>} told called for every final answer
 * @returns {Promise<Outcome>}
 */
export function send(told) {
  if (!("locks" in navigator)) return sendAll(told);
  /** @returns {Promise<Outcome>} */
  const elsewhere = async () => "elsewhere";
  return navigator.locks.request("tablet-send", { ifAvailable: true }, (lock) => (lock ? sendAll(told) : elsewhere()));
}

/**
 * @param {(answer: Answer) => Promise<void>} told
 * @returns {Promise<Outcome>}
 */
async function sendAll(told) {
  /** @type {Set<number>} items that must wait; those behind them are sent all the same */
  const held = new Set([...resting].filter(([, until]) => until > Date.now()).map(([order]) => order));
  let failures = 0;
  for (;;) {
    const rows = (await waiting(together + held.size)).filter((row) => !held.has(row.order)).slice(0, together);
    if (!rows.length) return held.size ? "kept" : "sent";
    const reply = await post(rows);
    if (typeof reply === "string") return reply;
    if (Array.isArray(reply)) {
      await settle(rows, reply, held, told);
      failures = 0;
      together = Math.min(MOST, together * 2);
      continue;
    }
    failures += 1;
    if (rows.length === 1) {
      held.add(rows[0].order);
      resting.set(rows[0].order, Date.now() + REST);
    }
    together = Math.max(1, Math.floor(rows.length / 2));
    if (rows.length === 1 && failures >= ENOUGH + Math.log2(MOST)) return "busy";
  }
}

/** @param {Row[]} rows @returns {Promise<Answer[] | Outcome | null>} their answers, why it must stop, or null: too much */
async function post(rows) {
  let reply;
  try {
    reply = await ask("items", { sent_at: Date.now(), ahead_ms: ahead(), queue: await queueLength(), items: rows.map((row) => row.item) });
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "AbortError")) return "offline";
    together = Math.max(1, Math.floor(rows.length / 2));
    return "slow";
  }
  if (reply.status === 200 && Array.isArray(reply.data.answers)) return reply.data.answers;
  if (reply.status === 401) return "unknown";
  if (reply.status === 403) return "blocked";
  if (reply.status === 429) return "often";
  return TOO_MUCH.has(reply.status) ? null : "busy";
}

/** @param {Row[]} rows @param {Answer[]} answers @param {Set<number>} held @param {(answer: Answer) => Promise<void>} told */
async function settle(rows, answers, held, told) {
  /** @type {unknown} what could not be shown, perhaps for want of room: said when all the others are off the tablet */
  let trouble = null;
  for (const [place, row] of rows.entries()) {
    const answer = /** @type {Answer | undefined} */ (answers[place]);
    if (!answer?.final || (answer.uuid && answer.uuid !== row.item.uuid)) {
      held.add(row.order);
      continue;
    }
    resting.delete(row.order);
    await delivered(row.order);
    await told({ ...answer, uuid: row.item.uuid }).catch((error) => { trouble = error; });
  }
  if (trouble) throw trouble;
}
