// The evening before: is this tablet fit? Every point says what it found and what to do.
import { ask } from "./api.js";
import { ahead, learnClock } from "./clock.js";
import { icon, make, part, say } from "./page.js";
import { ICONS } from "./showing.js";
import { askToStay, rosters } from "./store.js";

/** @typedef {{tone: "success" | "attention" | "danger", name: string, words: string}} Finding */

const CLOCK_FINE = 60_000;
const ROOM_NEEDED = 50 * 1024 * 1024;

/** @param {() => Promise<string>} tryCamera "" when it works, else the name of what is wrong */
export async function check(tryCamera) {
  const list = part("findings");
  list.replaceChildren(make("li", {}, say("checking")));
  /** @type {Finding[]} */
  const found = [await network(), clock(), await shell(), await storage(), await lists(), await camera(tryCamera)];
  list.replaceChildren(...found.map(line));
  const worst = found.some((one) => one.tone === "danger") ? "danger" : found.some((one) => one.tone === "attention") ? "attention" : "success";
  const verdict = part("verdict");
  verdict.className = `verdict tone-${worst}`;
  verdict.replaceChildren(icon(ICONS[worst]), say(`verdict.${worst}`));
}

/** @param {Finding} one */
function line(one) {
  return make("li", { class: `finding tone-${one.tone}` }, icon(ICONS[one.tone]), make("span", {}, make("strong", {}, say(`check.${one.name}`)), " ", one.words));
}

/** @returns {Promise<Finding>} */
async function network() {
  const asked = Date.now();
  try {
    const reply = await ask("state");
    if (reply.data.now) learnClock(asked, Date.now(), reply.data.now);
    const good = reply.status === 200;
    const words = good ? say("net.good", { ms: Date.now() - asked }) : reply.data.message ?? String(reply.status);
    return { tone: good ? "success" : "danger", name: "network", words };
  } catch {
    return { tone: "danger", name: "network", words: say("net.bad") };
  }
}

/** @returns {Finding} */
function clock() {
  const off = ahead();
  if (off === null) return { tone: "attention", name: "clock", words: say("clock.unknown") };
  const fine = Math.abs(off) < CLOCK_FINE;
  return { tone: fine ? "success" : "attention", name: "clock", words: say(fine ? "clock.good" : "clock.off", { s: Math.round(off / 1000) }) };
}

/** @returns {Promise<Finding>} */
async function shell() {
  if (!window.isSecureContext) return { tone: "danger", name: "offline", words: say("offline.insecure") };
  const active = await navigator.serviceWorker?.getRegistration("/tablet/");
  const kept = await caches.match("/tablet/");
  return active?.active && kept
    ? { tone: "success", name: "offline", words: say("offline.good") }
    : { tone: "danger", name: "offline", words: say("offline.bad") };
}

/** @returns {Promise<Finding>} */
async function storage() {
  const lasting = await askToStay();
  const room = await navigator.storage?.estimate?.();
  const left = (room?.quota ?? 0) - (room?.usage ?? 0);
  if (room?.quota && left < ROOM_NEEDED) return { tone: "danger", name: "storage", words: say("storage.full") };
  return { tone: lasting ? "success" : "attention", name: "storage", words: say(lasting ? "storage.good" : "storage.weak") };
}

/** @returns {Promise<Finding>} */
async function lists() {
  const kept = await rosters();
  if (!kept.length) return { tone: "danger", name: "lists", words: say("lists.none") };
  const people = kept.reduce((sum, one) => sum + one.learners.length, 0);
  const codes = kept.map((one) => one.code).join(", ");
  const missing = kept.some((one) => one.hashes_missing > 0);
  return { tone: missing ? "attention" : "success", name: "lists", words: say(missing ? "lists.part" : "lists.good", { n: people, codes }) };
}

/** @param {() => Promise<string>} tryCamera @returns {Promise<Finding>} */
async function camera(tryCamera) {
  const wrong = await tryCamera();
  return { tone: wrong ? "danger" : "success", name: "camera", words: say(wrong || "camera.good") };
}
