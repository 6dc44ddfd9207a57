// Key in a paper: Enter goes on to the next question, and from the last one to the button that keeps the entry.

const entry = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-pen]"));

/** @param {HTMLFormElement} sheet */
function goOnByEnter(sheet) {
  const fields = /** @type {HTMLInputElement[]} */ (Array.from(sheet.querySelectorAll(".pen-field input")));
  const end = /** @type {HTMLElement | null} */ (sheet.querySelector("[data-pen-end]"));
  sheet.addEventListener("keydown", (event) => {
    const place = fields.indexOf(/** @type {HTMLInputElement} */ (event.target));
    const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (place < 0 || !step || event.isComposing) return;
    event.preventDefault();
    const next = fields[place + step];
    if (next) next.select();
    (next ?? (step > 0 ? end : null))?.focus();
  });
}

if (entry) goOnByEnter(entry);
