// Blank badges that were given to somebody here, until the server's own list knows of it.
import { recall, remember } from "./store.js";

/** @param {string} roster @returns {Promise<Record<string, string>>} badges, and the place of whose they are ("": a walk-in) */
const tiesOf = async (roster) => (await recall(`ties:${roster}`)) ?? {};

/** @param {string} roster @param {string} badge @param {string} place */
export async function keepTie(roster, badge, place) {
  await remember(`ties:${roster}`, { ...(await tiesOf(roster)), [badge]: place });
}

/** @param {string} roster @param {string} badge that the server did not give away like this */
export async function dropTie(roster, badge) {
  const { [badge]: _gone, ...others } = await tiesOf(roster);
  await remember(`ties:${roster}`, others);
}

/** @param {import("./types.js").Roster} roster as it was fetched, perhaps before the server knew */
export async function applyTies(roster) {
  for (const [badge, place] of Object.entries(await tiesOf(roster.id))) {
    if (!roster.blanks.includes(badge)) {
      await dropTie(roster.id, badge);
      continue;
    }
    roster.blanks = roster.blanks.filter((one) => one !== badge);
    roster.learners.find((one) => one.enrolment === place)?.badges.push(badge);
  }
}
