// What is typed instead of scanned: a name, a walk-in, the code that lets the tablet in.
import { ask } from "./api.js";
import { find } from "./deciding.js";
import { failed } from "./filming.js";
import { startOver } from "./opening.js";
import { dayText, part, say, show, write } from "./page.js";
import { showFound } from "./showing.js";
import { scanner, state } from "./state.js";
import { askToStay } from "./store.js";

export function openFind() {
  show("find");
  const box = /** @type {HTMLInputElement} */ (part("find-text"));
  box.value = "";
  write("find-title", say(state.blank ? "tieTitle" : "findTitle"));
  showFound([], scanner.book.marked, () => {});
  box.focus();
}

/** A name for somebody who shows nothing. */
export function findAnybody() {
  state.blank = "";
  openFind();
}

export function search() {
  if (!scanner.index) return;
  const text = /** @type {HTMLInputElement} */ (part("find-text")).value;
  const found = find(scanner.index.roster, text);
  part("found-none").hidden = found.length > 0 || !text.trim();
  showFound(found, scanner.book.marked, (learner) => {
    show("scan");
    scanner.pick(learner, state.blank).catch(failed);
    state.blank = "";
  });
}

const DAY = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/;

/** @param {string} text dd/mm/yyyy, or a year alone; "" for what is no such day, or not yet */
function birth(text) {
  const [, day, month, year] = DAY.exec(text) ?? [];
  const read = year ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : /^\d{4}$/.test(text) ? text : "";
  const at = new Date(read);
  const real = at.getFullYear() >= 1900 && at.getTime() <= Date.now() && at.toISOString().startsWith(read);
  return read && real ? read : "";
}

/** @param {string} text whether the server reads a phone number out of it, which may have its country or lack its zero */
function dialled(text) {
  const digits = text.split(/[/;,|]/)[0].replace(/[\s.()'’-]/g, "");
  return /^0(?:[35789]\d{8}|2\d{8,9})$/.test(digits.replace(/^(?:\+|00)?84(?=\d{9,10}$)0?/, "0").replace(/^(?=[35789]\d{8}$)/, "0"));
}

/** Says at each field what is wrong with it: what the server could not read would be lost. */
export function judge() {
  const form = /** @type {HTMLFormElement} */ (part("walk-in"));
  const field = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
  const [name, born, number, phone] = ["name", "born", "number", "phone"].map(field);
  const typed = number.value.trim();
  name.setCustomValidity(/\p{L}/u.test(name.value) ? "" : say("walkIn.name"));
  born.setCustomValidity(!born.value.trim() || birth(born.value.trim()) ? "" : say("walkIn.born"));
  number.setCustomValidity(!typed || /^(\d{9}|\d{12})$/.test(typed) ? "" : say("walkIn.number"));
  phone.setCustomValidity(!phone.value.trim() || dialled(phone.value) ? "" : say("walkIn.phone"));
}

export function openWalkIn() {
  const form = /** @type {HTMLFormElement} */ (part("walk-in"));
  form.reset();
  for (const [name, text] of Object.entries(state.card)) {
    const field = /** @type {HTMLInputElement | null} */ (form.elements.namedItem(name));
    if (field) field.value = name === "born" ? dayText(text) : text;
  }
  judge();
  part("walk-in-badge").hidden = !state.blank;
  show("walk-in");
  /** @type {HTMLInputElement} */ (form.elements.namedItem("name")).focus();
}

/** A walk-in of whom nothing was scanned. */
export function openEmptyWalkIn() {
  state.card = {};
  state.blank = "";
  openWalkIn();
}

/** @param {SubmitEvent} event */
export function takeIn(event) {
  event.preventDefault();
  const sent = new FormData(/** @type {HTMLFormElement} */ (event.target));
  /** @type {Record<string, string>} */
  const facts = {};
  for (const [name, value] of sent) if (String(value).trim()) facts[name] = String(value).trim();
  if (facts.born) facts.born = birth(facts.born);
  if (state.blank) facts.badge = state.blank;
  state.blank = "";
  state.card = {};
  show("scan");
  scanner.takeIn(facts).catch(failed);
}

/** @param {SubmitEvent} event */
export async function enrol(event) {
  event.preventDefault();
  const box = /** @type {HTMLInputElement} */ (part("code"));
  write("enrol-said", "");
  try {
    const reply = await ask("enrol", { code: box.value.slice(0, 20) });
    if (reply.status !== 200) {
      write("enrol-said", reply.data.message ?? String(reply.status));
      return;
    }
    await askToStay().catch(() => false);
    await startOver();
  } catch {
    write("enrol-said", say("net.bad"));
  }
}
