// Everything the tablet keeps: who it is, rosters, and the scans that the server has not answered yet.
import { openDB } from "idb";

/** @typedef {import("./types.js").Roster} Roster */
/** @typedef {import("./types.js").Item} Item */

const NAME = "classroom-tablet";

/** The browser has no room left: scanning must stop, since nothing more could be kept. */
export class StoreFull extends Error {}

const opened = openDB(NAME, 1, {
  upgrade(database) {
    database.createObjectStore("facts");
    database.createObjectStore("rosters", { keyPath: "id" });
    database.createObjectStore("queue", { keyPath: "order", autoIncrement: true });
  },
});

/**
 * @param {() => Promise<any>} work
 */
async function guarded(work) {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DOMException && (error.name === "QuotaExceededError" || error.name === "UnknownError")) {
      throw new StoreFull(error.name);
    }
    throw error;
  }
}

/** @param {string} name @returns {Promise<any>} */
export const recall = async (name) => (await opened).get("facts", name);
/** @param {string} name @param {any} value */
export const remember = (name, value) => guarded(async () => (await opened).put("facts", value, name));
/** @param {string} name */
export const forget = async (name) => (await opened).delete("facts", name);

/** @param {Roster} roster */
export const keepRoster = (roster) => guarded(async () => (await opened).put("rosters", roster));
/** @param {string} id @returns {Promise<Roster | undefined>} */
export const roster = async (id) => (await opened).get("rosters", id);
/** @returns {Promise<Roster[]>} */
export const rosters = async () => (await opened).getAll("rosters");

/** Lists, names and who was signed in go; scans that were not sent yet stay. */
export async function eraseLists() {
  const database = await opened;
  await database.clear("rosters");
  for (const name of await database.getAllKeys("facts")) {
    if (!["tablet", "clock", "sound", "camera"].includes(String(name))) await database.delete("facts", name);
  }
}

/** @param {number} now rosters whose time is over by this clock go */
export async function eraseExpired(now) {
  const database = await opened;
  for (const one of await database.getAll("rosters")) {
    if (one.expires_at <= now) await database.delete("rosters", one.id);
  }
}

/** @param {Item} item resolves when the item is on the disk */
export const enqueue = (item) => guarded(async () => (await opened).add("queue", { item }));
/** @param {number} most @returns {Promise<{order: number, item: Item}[]>} */
export const waiting = async (most) => (await opened).getAll("queue", undefined, most);
/** @param {number} order */
export const delivered = async (order) => (await opened).delete("queue", order);
export const queueLength = async () => (await opened).count("queue");
