// One question a keystroke: 1–9 the same person, d different, l later, u undo, arrows to the neighbours.

const arrows = { ArrowLeft: "prev", ArrowRight: "next" };
/** A second key while the first decision is on its way must not decide another way. */
let deciding = false;

/** @param {KeyboardEvent} event */
function isTyping(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  return event.ctrlKey || event.metaKey || event.altKey || event.isComposing || target.matches("input, select, textarea");
}

document.addEventListener("keydown", (event) => {
  if (isTyping(event) || event.repeat || deciding) return;
  const rel = arrows[/** @type {keyof typeof arrows} */ (event.key)];
  const selector = rel ? `a[rel="${rel}"]` : `[data-match-key="${CSS.escape(event.key.toLowerCase())}"]`;
  const target = /** @type {HTMLElement | null} */ (document.querySelector(selector));
  if (!target) return;
  event.preventDefault();
  deciding = true;
  target.click();
});

window.addEventListener("pageshow", () => { deciding = false; });
