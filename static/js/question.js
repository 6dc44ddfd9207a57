// The page on which a question is written: rows are added, moved and removed in place, the preview follows the typing,
// and a picture goes into the text where the cursor is. Without this file, every button asks the server for the page.

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const WAIT = 350;

/** @param {HTMLElement} list */
const rowsOf = (list) => /** @type {HTMLElement[]} */ (Array.from(list.querySelectorAll("[data-row]")));

/**
 * A random id that no row has: ids in the order of writing would tell what is right.
 * @param {HTMLFormElement} form
 */
function freeId(form) {
  const taken = new Set(Array.from(form.querySelectorAll("[data-row]"), (row) => row.getAttribute("data-row")));
  const free = Array.from(LETTERS).filter((letter) => !taken.has(letter));
  if (!free.length) return `x${Date.now() % 100000}`;
  return free[crypto.getRandomValues(new Uint32Array(1))[0] % free.length];
}

/**
 * A copy of a row with another id and nothing in it.
 * @param {HTMLElement} row
 * @param {string} id
 */
function emptyCopy(row, id) {
  const copy = /** @type {HTMLElement} */ (row.cloneNode(true));
  const old = row.dataset.row ?? "";
  copy.dataset.row = id;
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (copy.querySelectorAll("[id], [for]"))) {
    for (const name of ["id", "for"]) {
      const value = part.getAttribute(name);
      if (value?.endsWith(`-${old}`)) part.setAttribute(name, value.slice(0, -old.length) + id);
    }
  }
  for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (copy.querySelectorAll("input, textarea"))) {
    if (field.type === "radio" || field.type === "checkbox") {
      field.checked = false;
      field.value = id;
    } else if (field.type === "hidden") field.value = id;
    else field.value = field.name === "answer-percent" ? "100" : "";
  }
  for (const more of copy.querySelectorAll("details")) more.open = false;
  return copy;
}

/** @param {HTMLElement} box */
function number(box) {
  const rows = rowsOf(box);
  rows.forEach((row, index) => {
    for (const place of row.querySelectorAll("[data-place]")) place.textContent = String(index + 1);
  });
  const add = /** @type {HTMLElement | null} */ (box.querySelector("[data-add]"));
  if (add) add.hidden = rows.length >= Number(box.dataset.most);
}

/** @param {HTMLElement | null | undefined} row */
function focusRow(row) {
  /** @type {HTMLElement | null | undefined} */ (row?.querySelector("textarea, input:not([type=hidden], [type=radio], [type=checkbox])"))?.focus();
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement} box
 * @param {() => void} changed
 */
function workOnRows(form, box, changed) {
  const list = /** @type {HTMLElement} */ (box.querySelector("[data-list]"));
  // A list may be emptied; its last row stays in mind as the pattern of new ones.
  let pattern = rowsOf(list)[0];
  const add = () => {
    const rows = rowsOf(list);
    if (rows.length >= Number(box.dataset.most)) return;
    const made = emptyCopy(rows[rows.length - 1] ?? pattern, freeId(form));
    list.append(made);
    number(box);
    focusRow(made);
    changed();
  };
  box.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest("button"));
    if (!button || (button.hasAttribute("data-add") && !pattern)) return;
    if (button.hasAttribute("data-add")) {
      event.preventDefault();
      add();
      return;
    }
    const row = /** @type {HTMLElement | null} */ (button.closest("[data-row]"));
    const move = button.dataset.move;
    if (!row || !move) return;
    event.preventDefault();
    const before = row.previousElementSibling, after = row.nextElementSibling;
    if (move === "up") before?.before(row);
    else if (move === "down") after?.after(row);
    else {
      pattern = row;
      row.remove();
    }
    number(box);
    if (move === "remove") focusRow(/** @type {HTMLElement | null} */ (after ?? before));
    else button.focus();
    changed();
  });
  list.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    const field = /** @type {HTMLElement} */ (event.target);
    if (!field.matches("textarea, input")) return;
    event.preventDefault();
    const next = /** @type {HTMLElement | null} */ (field.closest("[data-row]")?.nextElementSibling ?? null);
    if (next) focusRow(next);
    else add();
  });
}

/** @param {HTMLFormElement} form */
function followByPreview(form) {
  const shown = /** @type {HTMLElement} */ (form.querySelector("[data-shown]"));
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  /** @type {AbortController | undefined} */
  let asking;
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const sent = new FormData(form);
    sent.delete("picture");
    try {
      const answer = await fetch(form.dataset.preview ?? "", { method: "POST", body: sent, signal: asking.signal });
      shown.classList.toggle("preview-old", !answer.ok);
      if (answer.ok && !answer.redirected) shown.innerHTML = await answer.text();
    } catch (error) {
      if (/** @type {Error} */ (error).name !== "AbortError") shown.classList.add("preview-old");
    }
  };
  const changed = () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, WAIT);
  };
  form.addEventListener("input", changed);
  return changed;
}

/**
 * @param {HTMLFormElement} form
 * @param {() => void} changed
 */
function sendPictures(form, changed) {
  const text = /** @type {HTMLTextAreaElement} */ (form.querySelector("#text"));
  const file = /** @type {HTMLInputElement} */ (form.querySelector("[name=picture]"));
  const words = /** @type {HTMLInputElement} */ (form.querySelector("[name=picture-words]"));
  const said = /** @type {HTMLElement} */ (form.querySelector("[data-picture-said]"));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("[data-send-picture]"));
  const send = async () => {
    const chosen = file.files?.[0];
    if (chosen && chosen.size > Number(form.dataset.largest)) return form.dataset.tooLarge ?? "";
    const sent = new FormData();
    for (const name of ["csrf_token", "picture-words"]) sent.set(name, String(new FormData(form).get(name) ?? ""));
    if (chosen) sent.set("picture", chosen);
    const answer = await fetch(form.dataset.pictures ?? "", { method: "POST", body: sent });
    const told = await answer.json();
    if (!answer.ok) return String(told.error ?? form.dataset.failed ?? "");
    const { selectionStart: from, selectionEnd: to, value } = text;
    const before = value.slice(0, from).trimEnd(), after = value.slice(to).trimStart();
    text.value = [before, told.markdown, after].filter(Boolean).join("\n\n");
    file.value = "";
    words.value = "";
    changed();
    text.focus();
    return "";
  };
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      said.textContent = await send();
    } catch {
      said.textContent = form.dataset.failed ?? "";
    }
    button.disabled = false;
  });
}

const page = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-editor]"));
if (page) {
  const changed = followByPreview(page);
  for (const box of /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("[data-rows]"))) workOnRows(page, box, changed);
  sendPictures(page, changed);
  const plain = /** @type {HTMLElement | null} */ (page.querySelector("[data-plain-preview]"));
  if (plain) plain.hidden = true;
}
