// The camera on the page: started, paused, chosen, lit; and what is said when something fails.
import { Camera } from "./camera.js";
import { make, part, say } from "./page.js";
import { showWords } from "./showing.js";
import { allowSound } from "./sound.js";
import { scanner } from "./state.js";
import { StoreFull, recall } from "./store.js";

/** Times from the picture to the answer, for whoever measures: the last 500, in milliseconds. */
const answered = /** @type {number[]} */ ([]);
Object.assign(window, { tabletTimes: answered });

export const camera = new Camera(/** @type {HTMLVideoElement} */ (part("video")), (reading, took) => {
  scanner.read(reading).then((fresh) => {
    if (!fresh) return;
    answered.push(performance.now() - took.frame);
    if (answered.length > 500) answered.shift();
  }, failed);
});

/** @param {unknown} error */
export function failed(error) {
  const full = error instanceof StoreFull;
  if (full) pause();
  showWords(say(full ? "full" : "failed"), say(full ? "full.note" : "failed.note"), "danger");
  if (!full) console.error(error);
}

const WRONG = /** @type {Record<string, string>} */ ({
  NotAllowedError: "camera.refused", NotFoundError: "camera.absent", OverconstrainedError: "camera.absent",
  NotReadableError: "camera.taken", NotSupportedError: "camera.insecure",
});

/** Resolves to "" or to what is wrong. */
export async function openCamera() {
  const chosen = (await recall("camera")) ?? "";
  try {
    await camera.ready;
    await camera.start(chosen).catch((error) => (chosen ? camera.start("") : Promise.reject(error)));
  } catch (error) {
    return WRONG[error instanceof DOMException ? error.name : ""] ?? "camera.broken";
  }
  const choices = await camera.choices();
  const select = /** @type {HTMLSelectElement} */ (part("cameras"));
  select.replaceChildren(...choices.map((one, place) => make("option", { value: one.id }, one.name || say("camera", { n: place + 1 }))));
  select.value = camera.track?.getSettings().deviceId ?? "";
  part("cameras-part").hidden = choices.length < 2;
  part("torch").hidden = !camera.hasTorch;
  return "";
}

export async function scan() {
  allowSound();
  scanner.seen.clear();
  const wrong = await openCamera();
  part("eye").classList.toggle("is-on", !wrong);
  part("start").hidden = !wrong;
  part("pause").hidden = Boolean(wrong);
  if (wrong) showWords(say("noCamera"), say(wrong), "danger");
  stayAwake();
}

export function pause() {
  camera.stop();
  part("eye").classList.remove("is-on");
  part("start").hidden = false;
  part("pause").hidden = true;
}

let lit = false;

export function light() {
  lit = !lit;
  part("torch").setAttribute("aria-pressed", String(lit));
  camera.torch(lit).catch(() => {});
}

async function stayAwake() {
  if (!("wakeLock" in navigator) || document.hidden) return;
  await navigator.wakeLock.request("screen").catch(() => {});
}
