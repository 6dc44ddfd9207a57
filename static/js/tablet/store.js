// Everything the tablet keeps: who it is, rosters, and the scans that the server has not answered yet.
import { openDB } from "idb";

/** @typedef {import("./types.js").Roster} Roster */
/** @typedef {import("./types.js").Item} Item */

const NAME = "classroom-tablet";

/** The browser has no room left: scanning must stop, since nothing more could be kept. */
export class StoreFull extends Error {}

/** @type {Promise<import("idb").IDBPDatabase>} */
const opened = new Promise((resolve, reject) => {
  openDB(NAME, 1, {
    upgrade(database) {
      database.createObjectStore("facts");
      database.createObjectStore("rosters", { keyPath: "id" });
      database.createObjectStore("queue", { keyPath: "order", autoIncrement: true });
    },
    blocked: () => reject(new Error("another tab holds the store")),
    terminated: () => location.reload(),
  }).then(resolve, reject);
});
opened.catch(() => {});

/** Ask the browser not to clear the store when room is short. Resolves to whether it promises. */
export async function askToStay() {
  const promised = (await navigator.storage?.persisted?.()) || (await navigator.storage?.persist?.());
  return Boolean(promised);
}

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

/** What stays on the tablet whoever holds it. All else is about people. */
const ALWAYS = new Set(["tablet", "clock", "sound", "camera", "leaving"]);
let personal = false;

/** @param {boolean} allowed whether names may be written: only while somebody is signed in */
export const allowNames = (allowed) => { personal = allowed; };

/** @param {string} name @returns {Promise<any>} */
export const recall = async (name) => (await opened).get("facts", name);
/** @param {string} name @param {any} value */
export const remember = (name, value) => guarded(async () => {
  const database = await opened;
  if (personal || ALWAYS.has(name)) await database.put("facts", value, name);
});
/** @param {string} name */
export const forget = async (name) => (await opened).delete("facts", name);

/** @param {Roster} roster */
export const keepRoster = (roster) => guarded(async () => {
  const database = await opened;
  if (personal) await database.put("rosters", roster);
});
/** @param {string} id @returns {Promise<Roster | undefined>} */
export const roster = async (id) => (await opened).get("rosters", id);
/** @returns {Promise<Roster[]>} */
export const rosters = async () => (await opened).getAll("rosters");

/** Lists, names and who was signed in go, and no name comes back; scans that were not sent yet stay. */
export async function eraseLists() {
  allowNames(false);
  const work = (await opened).transaction(["rosters", "facts"], "readwrite");
  const facts = work.objectStore("facts");
  const names = (await facts.getAllKeys()).filter((name) => !ALWAYS.has(String(name)));
  await Promise.all([work.objectStore("rosters").clear(), ...names.map((name) => facts.delete(name)), work.done]);
}

/**
 * @param {(one: Roster) => boolean} unwanted which rosters go, with who came and which badges were given away
 * @returns {Promise<Roster[]>} those that went
 */
export async function eraseRosters(unwanted) {
  const gone = (await rosters()).filter(unwanted);
  const database = await opened;
  for (const one of gone) {
    await database.delete("rosters", one.id);
    await forget(`ties:${one.id}`);
    for (const session of one.sessions) await forget(`marks:${session.id}`);
  }
  return gone;
}

/** @param {Item} item resolves when the item is on the disk */
export const enqueue = (item) => guarded(async () => (await opened).add("queue", { item }));
/** @param {number} most @returns {Promise<{order: number, item: Item}[]>} */
export const waiting = async (most) => (await opened).getAll("queue", undefined, most);
/** @param {number} order */
export const delivered = async (order) => (await opened).delete("queue", order);
export const queueLength = async () => (await opened).count("queue");
