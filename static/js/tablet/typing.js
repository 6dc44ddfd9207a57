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

export function openWalkIn() {
  const form = /** @type {HTMLFormElement} */ (part("walk-in"));
  form.reset();
  for (const [name, text] of Object.entries(state.card)) {
    const field = /** @type {HTMLInputElement | null} */ (form.elements.namedItem(name));
    if (field) field.value = name === "born" ? dayText(text) : text;
  }
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
  const typed = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(facts.born ?? "");
  if (typed) facts.born = `${typed[3]}-${typed[2].padStart(2, "0")}-${typed[1].padStart(2, "0")}`;
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
