// Enter a signed sheet by its numbers: type one, press Enter, and the row is ticked; the same again takes it back.

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-sheet]"));

/** @param {HTMLFormElement} sheet */
function takeNumbers(sheet) {
  const box = /** @type {HTMLInputElement} */ (sheet.querySelector("[data-number]"));
  const count = /** @type {HTMLElement} */ (sheet.querySelector("[data-count]"));
  const ticks = /** @type {HTMLInputElement[]} */ (Array.from(sheet.querySelectorAll("input[name=ticked]")));
  const say = () => {
    const done = String(ticks.filter((one) => one.checked).length);
    count.textContent = (count.dataset.pattern ?? "").replace("{done}", done).replace("{total}", String(ticks.length));
  };
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const number = box.value.trim();
    if (!number) return;
    const row = sheet.querySelector(`[data-row="${CSS.escape(number)}"]`);
    const tick = /** @type {HTMLInputElement | null} */ (row?.querySelector("input") ?? null);
    if (row && tick) {
      tick.checked = !tick.checked;
      for (const other of sheet.querySelectorAll(".sheet-latest")) other.classList.remove("sheet-latest");
      row.classList.add("sheet-latest");
      row.scrollIntoView({ block: "center" });
      say();
    } else {
      count.textContent = (box.dataset.unknown ?? "").replace("{n}", number);
    }
    box.value = "";
  });
  sheet.addEventListener("change", say);
  say();
}

if (form) takeNumbers(form);
