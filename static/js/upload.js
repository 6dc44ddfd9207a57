// A file may be dropped onto its field. Choosing it in the usual way works without this.

/** @param {DataTransfer | null} carried */
const bringsFiles = (carried) => Boolean(carried?.types.includes("Files"));

/** @param {HTMLElement} box */
function takeDrops(box) {
  const input = /** @type {HTMLInputElement} */ (box.querySelector("input[type=file]"));
  const said = /** @type {HTMLElement} */ (box.querySelector("[role=status]"));
  box.addEventListener("dragover", (event) => {
    if (!bringsFiles(event.dataTransfer)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
    box.classList.add("drop-over");
  });
  box.addEventListener("dragleave", (event) => {
    if (!box.contains(/** @type {Node | null} */ (event.relatedTarget))) box.classList.remove("drop-over");
  });
  box.addEventListener("drop", (event) => {
    box.classList.remove("drop-over");
    const files = event.dataTransfer?.files;
    if (!files?.length) return;
    event.preventDefault();
    const one = new DataTransfer();
    one.items.add(files[0]);
    input.files = one.files;
    const words = (files.length > 1 ? box.dataset.dropMany : box.dataset.drop) ?? "";
    said.textContent = words.replace("{name}", files[0].name);
    input.focus();
  });
  input.addEventListener("change", () => { said.textContent = ""; });
}

/** A file dropped beside the field would otherwise take the place of the page. */
function missTheBox() {
  for (const kind of ["dragover", "drop"]) {
    window.addEventListener(kind, (event) => {
      const carried = /** @type {DragEvent} */ (event).dataTransfer;
      if (event.defaultPrevented || !bringsFiles(carried)) return;
      event.preventDefault();
      if (carried) carried.dropEffect = "none";
    });
  }
}

for (const box of document.querySelectorAll("[data-drop]")) takeDrops(/** @type {HTMLElement} */ (box));
missTheBox();
