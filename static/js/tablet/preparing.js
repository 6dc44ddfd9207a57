// Brings the lists of the coming classes onto the tablet, with the stretched numbers of their cards.
import { ask } from "./api.js";
import { keepRoster, roster as kept } from "./store.js";

/** @typedef {import("./types.js").Session} Session */
/** @typedef {import("./types.js").Roster} Roster */

/**
 * @param {Session[]} sessions
 * @param {(done: number, of: number) => void} progress
 * @returns {Promise<number>} of the last answer: 200 when all is there
 */
export async function prepare(sessions, progress) {
  const classes = [...new Set(sessions.map((one) => one.class_id))];
  if (!classes.length) return 200;
  const status = await fetchLists(classes);
  if (status !== 200) return status;
  for (const id of classes) {
    const worked = await stretchAll(id, progress);
    if (worked !== 200) return worked;
  }
  return 200;
}

/** @param {string[]} classes */
export async function fetchLists(classes) {
  const reply = await ask("rosters", { classes });
  if (reply.status !== 200) return reply.status;
  for (const roster of /** @type {Roster[]} */ (reply.data.classes)) await keepRoster(roster);
  return 200;
}

/**
 * @param {string} id
 * @param {(done: number, of: number) => void} progress
 */
async function stretchAll(id, progress) {
  const roster = await kept(id);
  if (!roster?.hashes_missing) return 200;
  for (;;) {
    const reply = await ask("hashes", { class: id });
    if (reply.status !== 200) return reply.status;
    for (const learner of roster.learners) learner.id_hash = reply.data.hashes[learner.enrolment] ?? learner.id_hash;
    roster.hashes_missing = reply.data.of - reply.data.done;
    await keepRoster(roster);
    progress(reply.data.done, reply.data.of);
    if (roster.hashes_missing <= 0) return 200;
  }
}
