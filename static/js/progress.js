// Jobs that are under way: moves their bars, and loads the page again when one has ended.

const ASK_EVERY = 1500;
const ASK_LATEST = 20000;

/** @typedef {{state: string, percent: number, words: string}} Told */

/**
 * @param {HTMLElement} line
 * @param {Told} told
 */
function write(line, told) {
  const bar = line.querySelector("progress");
  const words = line.querySelector("[data-words]");
  if (bar) bar.value = told.percent;
  if (words && words.textContent !== told.words) words.textContent = told.words;
}

let typed = false;
document.addEventListener("input", () => { typed = true; }, { once: true });

/**
 * Load the page again. One that answers a form stays, since to load it would send the form once more; so does one into
 * which something was typed: a link offers it anew.
 * @param {HTMLElement} line
 * @param {Told} told
 */
function end(line, told) {
  if (line.dataset.stay === undefined && !typed) {
    location.reload();
    return;
  }
  write(line, told);
  line.querySelector("progress")?.remove();
  const again = document.querySelector("[data-again]");
  if (again instanceof HTMLElement) again.hidden = false;
}

/**
 * @param {HTMLElement} line
 * @param {number} pause
 */
async function ask(line, pause) {
  let next = ASK_EVERY;
  try {
    const answer = await fetch(line.dataset.job ?? "", { headers: { Accept: "application/json" } });
    if (answer.status === 401 || answer.status === 404) return;
    if (!answer.ok) throw new Error(String(answer.status));
    const told = /** @type {Told} */ (await answer.json());
    if (told.state !== "queued" && told.state !== "running") {
      end(line, told);
      return;
    }
    write(line, told);
  } catch {
    next = Math.min(2 * pause, ASK_LATEST);
  }
  setTimeout(() => ask(line, next), next);
}

for (const line of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-job][data-living]"))) {
  setTimeout(() => ask(line, ASK_EVERY), ASK_EVERY);
}
