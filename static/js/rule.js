// The form of a course's rule: says who would pass while one fills it in. Without this file, a button asks for it.

const REST = 500;

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-rule]"))) {
  const said = /** @type {HTMLElement} */ (form.querySelector("[data-count]"));
  let timer = 0;
  let asked = 0;

  async function count() {
    const mine = ++asked;
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (!["csrf_token", "note", "confirmed"].includes(name)) fields.append(name, String(value));
    }
    said.textContent = said.dataset.wait ?? "";
    try {
      const answer = await fetch(`${form.dataset.rule}?${fields}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const told = /** @type {{text: string, problem: boolean}} */ (await answer.json());
      if (mine !== asked) return;
      said.textContent = told.text;
      said.classList.toggle("rule-odd", told.problem);
    } catch {
      if (mine === asked) said.textContent = "";
    }
  }

  form.addEventListener("input", (event) => {
    if (/** @type {HTMLInputElement} */ (event.target).name === "note") return;
    clearTimeout(timer);
    timer = setTimeout(count, REST);
  });
  count();
}
