// One question a keystroke: 1–9 the same person, d different, l later, u undo, arrows to the neighbours.

const arrows = { ArrowLeft: "prev", ArrowRight: "next" };

/** @param {KeyboardEvent} event */
function isTyping(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  return event.ctrlKey || event.metaKey || event.altKey || event.isComposing || target.matches("input, select, textarea");
}

document.addEventListener("keydown", (event) => {
  if (isTyping(event) || event.repeat) return;
  const rel = arrows[/** @type {keyof typeof arrows} */ (event.key)];
  const selector = rel ? `a[rel="${rel}"]` : `[data-match-key="${CSS.escape(event.key.toLowerCase())}"]`;
  const target = /** @type {HTMLElement | null} */ (document.querySelector(selector));
  if (!target) return;
  event.preventDefault();
  target.click();
});

// A second key while the first decision is on its way must not decide the next question.
document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (form.dataset.sent) event.preventDefault();
  for (const each of Array.from(document.forms)) each.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  for (const each of Array.from(document.forms)) delete each.dataset.sent;
});
