// The preview of a certificate's design follows what is typed. Without this script a button asks for it.

const WAIT = 350;
const form = /** @type {HTMLFormElement} */ (document.querySelector("form[data-design]"));
const picture = /** @type {HTMLImageElement} */ (form.querySelector(".design-picture"));
const say = /** @type {HTMLElement} */ (form.querySelector("[data-say]"));
let timer = 0;
/** @type {AbortController | null} */
let asking = null;

/** Ask for the picture of what is typed now; a later question replaces an earlier one. */
async function draw() {
  asking?.abort();
  asking = new AbortController();
  say.textContent = say.dataset.drawing ?? "";
  try {
    const answer = await fetch(form.dataset.design ?? "", {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "image/png, application/json" },
      signal: asking.signal,
    });
    if (answer.ok) await show(await answer.blob());
    say.textContent = answer.ok ? "" : await why(answer);
  } catch (error) {
    if (!(error instanceof DOMException)) say.textContent = say.dataset.failed ?? "";
  }
}

/**
 * What the server says of why it drew nothing.
 * @param {Response} refused
 */
async function why(refused) {
  const told = /** @type {{message?: string}} */ (await refused.json());
  return told.message || (say.dataset.failed ?? "");
}

/** @param {Blob} drawn */
async function show(drawn) {
  const reader = new FileReader();
  const read = new Promise((done) => reader.addEventListener("load", done));
  reader.readAsDataURL(drawn);
  await read;
  picture.src = String(reader.result);
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = window.setTimeout(draw, WAIT);
});

export {};
