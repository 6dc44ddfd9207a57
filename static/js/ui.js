// Small comforts for staff pages. Every page works without them.
import { fold } from "./lib/text.js";

document.documentElement.classList.add("js");

/**
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement[]}
 */
const all = (root, selector) => Array.from(root.querySelectorAll(selector));

/** @param {HTMLElement} frame */
function filterByTyping(frame) {
  const box = /** @type {HTMLInputElement | null} */ (frame.querySelector("[data-filter]"));
  if (!box) return;
  const rows = all(frame, "tbody > tr").map((row) => ({ row, text: fold(row.textContent ?? "") }));
  const shown = /** @type {HTMLElement | null} */ (frame.querySelector("[data-shown]"));
  const everything = shown?.textContent ?? "";
  const none = /** @type {HTMLElement | null} */ (frame.querySelector("[data-none]"));
  box.addEventListener("input", () => {
    const words = fold(box.value).split(" ").filter(Boolean);
    let count = 0;
    for (const { row, text } of rows) {
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) count += 1;
    }
    if (none) none.hidden = count > 0;
    if (shown) {
      const pattern = shown.dataset.pattern ?? "";
      shown.textContent = words.length
        ? pattern.replace("{shown}", String(count)).replace("{total}", String(rows.length))
        : everything;
    }
  });
}

/** @param {HTMLElement} frame */
function chooseRows(frame) {
  const bar = /** @type {HTMLElement | null} */ (frame.querySelector("[data-bulk]"));
  const whole = /** @type {HTMLInputElement | null} */ (frame.querySelector("[data-all]"));
  const label = /** @type {HTMLElement | null} */ (frame.querySelector("[data-chosen]"));
  if (!bar || !label) return;
  const boxes = /** @type {HTMLInputElement[]} */ (all(frame, "tbody .pick input"));
  const visible = () => boxes.filter((box) => !box.closest("tr")?.hidden);
  const show = () => {
    const chosen = boxes.filter((box) => box.checked);
    bar.hidden = chosen.length === 0;
    label.textContent = (label.dataset.pattern ?? "").replace("{count}", String(chosen.length));
    for (const box of boxes) box.closest("tr")?.classList.toggle("row-chosen", box.checked);
    if (whole) {
      whole.checked = chosen.length > 0 && visible().every((box) => box.checked);
      whole.indeterminate = chosen.length > 0 && !whole.checked;
    }
  };
  whole?.addEventListener("change", () => {
    for (const box of visible()) box.checked = whole.checked;
    show();
  });
  frame.addEventListener("change", show);
  show();
}

/** @param {HTMLElement} frame */
function copyTable(frame) {
  const button = /** @type {HTMLElement | null} */ (frame.querySelector("[data-copy]"));
  const table = frame.querySelector("table");
  if (!button || !table || !navigator.clipboard) {
    button?.remove();
    return;
  }
  button.addEventListener("click", async () => {
    const lines = Array.from(table.rows)
      .filter((row) => !row.hidden)
      .map((row) => Array.from(row.cells)
        .filter((cell) => !cell.classList.contains("pick"))
        .map((cell) => (cell.textContent ?? "").replace(/\s+/g, " ").trim())
        .join("\t"));
    await navigator.clipboard.writeText(lines.join("\n"));
    const said = frame.querySelector("[data-say]");
    if (said) said.textContent = button.dataset.said ?? "";
  });
}

/** @param {HTMLElement} field */
function pickDate(field) {
  const text = /** @type {HTMLInputElement} */ (field.querySelector("input:not([type=date])"));
  const native = /** @type {HTMLInputElement} */ (field.querySelector("input[type=date]"));
  field.querySelector("button")?.addEventListener("click", () => {
    const typed = /^\s*(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})\s*$/.exec(text.value);
    native.value = typed ? `${typed[3]}-${typed[2].padStart(2, "0")}-${typed[1].padStart(2, "0")}` : "";
    if ("showPicker" in native) native.showPicker();
    else /** @type {HTMLInputElement} */ (native).focus();
  });
  native.addEventListener("change", () => {
    const [year, month, day] = native.value.split("-");
    if (day) text.value = `${day}/${month}/${year}`;
    text.focus();
  });
}

/**
 * A button beside a control, with which it forms one line.
 * @param {HTMLInputElement} input
 * @param {string} label
 */
function buttonBeside(input, label) {
  const line = document.createElement("span");
  const button = document.createElement("button");
  line.className = "input-line";
  button.type = "button";
  button.className = "btn btn-plain";
  button.textContent = label;
  input.replaceWith(line);
  line.append(input, button);
  return button;
}

/** @param {HTMLInputElement} input */
function showPassword(input) {
  const button = buttonBeside(input, input.dataset.password ?? "");
  button.setAttribute("aria-controls", input.id);
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    input.focus();
  });
  input.form?.addEventListener("submit", () => { input.type = "password"; });
}

/** @param {HTMLInputElement} input */
function copyText(input) {
  input.addEventListener("focus", () => input.select());
  if (!navigator.clipboard) return;
  const button = buttonBeside(input, input.dataset.copyText ?? "");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(input.value);
    button.textContent = input.dataset.said ?? "";
  });
}

/** One menu open at a time; Escape and a tap elsewhere close it. */
function menus() {
  const open = () => /** @type {HTMLDetailsElement[]} */ (all(document, "details[data-menu][open]"));
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
}

/** A second tap while the first is on its way sends nothing. */
function sendOnce() {
  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    const pressed = /** @type {HTMLElement | null} */ (event.submitter);
    if (pressed?.dataset.busy) {
      pressed.textContent = pressed.dataset.busy;
      pressed.setAttribute("aria-busy", "true");
    }
    setTimeout(() => delete form.dataset.sent, 3000);
  });
}

for (const frame of all(document, "[data-table]")) {
  filterByTyping(frame);
  chooseRows(frame);
  copyTable(frame);
}
all(document, "[data-date]").forEach(pickDate);
for (const input of /** @type {HTMLInputElement[]} */ (all(document, "[data-password]"))) showPassword(input);
for (const input of /** @type {HTMLInputElement[]} */ (all(document, "[data-copy-text]"))) copyText(input);
for (const button of all(document, "[data-dismiss]")) {
  button.addEventListener("click", () => button.closest(".flash")?.remove());
}
all(document, "[data-errors]")[0]?.focus();
menus();
sendOnce();
