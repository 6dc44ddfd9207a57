// What stands in the fields of one question, as the server keeps answers (classroom/exams/rules/answers.py).

/** @typedef {Record<string, any> | null} Answer */

/** @param {HTMLElement} question */
export const positionOf = (question) => Number(question.dataset.position);

/**
 * The fields of a question, without those that are switched off.
 * @param {HTMLElement} question
 * @returns {(HTMLInputElement | HTMLSelectElement)[]}
 */
const fields = (question) => Array.from(question.querySelectorAll("input[name], select[name]"));

/** @param {HTMLElement} question */
const checked = (question) =>
  fields(question)
    .filter((field) => /** @type {HTMLInputElement} */ (field).checked)
    .map((field) => field.value);

/**
 * Lists of one question by the id after the dash of their names: `i3-a` is that of `a`.
 * @param {HTMLElement} question
 */
function lists(question) {
  return fields(question).map((field) => ({ id: field.name.slice(field.name.indexOf("-") + 1), value: field.value }));
}

/**
 * The answer as it stands. `undefined` while things to put in order have no places yet, or one place twice: there is
 * nothing to save before that is done.
 * @param {HTMLElement} question
 * @returns {Answer | undefined}
 */
export function readAnswer(question) {
  const kind = question.dataset.kind;
  if (kind === "single") {
    const [choice] = checked(question);
    return choice === undefined ? null : { choice };
  }
  if (kind === "multiple") {
    const choices = checked(question);
    return choices.length ? { choices } : null;
  }
  if (kind === "true_false") {
    const [value] = checked(question);
    return value === undefined ? null : { value: value === "true" };
  }
  if (kind === "matching") {
    const pairs = Object.fromEntries(lists(question).filter((list) => list.value).map((list) => [list.id, list.value]));
    return Object.keys(pairs).length ? { pairs } : null;
  }
  if (kind === "ordering") return readOrder(lists(question));
  const text = fields(question)[0]?.value ?? "";
  return text.trim() ? { text } : null;
}

/**
 * @param {{id: string, value: string}[]} places
 * @returns {Answer | undefined}
 */
function readOrder(places) {
  if (places.every((place) => !place.value)) return null;
  const taken = new Set(places.map((place) => place.value));
  if (taken.has("") || taken.size < places.length) return undefined;
  return { order: [...places].sort((one, other) => Number(one.value) - Number(other.value)).map((place) => place.id) };
}

/**
 * Put an answer that waits on this device back into the fields after a reload.
 * @param {HTMLElement} question
 * @param {Answer} answer
 */
export function writeAnswer(question, answer) {
  const given = answer ?? {};
  const chosen = [given.choice, ...(given.choices ?? []), given.value === undefined ? undefined : String(given.value)];
  for (const field of fields(question)) {
    const id = field.name.slice(field.name.indexOf("-") + 1);
    if (field instanceof HTMLInputElement && (field.type === "radio" || field.type === "checkbox")) {
      field.checked = chosen.includes(field.value);
    } else if (question.dataset.kind === "matching") {
      field.value = given.pairs?.[id] ?? "";
    } else if (question.dataset.kind === "ordering") {
      const place = (given.order ?? []).indexOf(id);
      field.value = place < 0 ? "" : String(place + 1);
    } else {
      field.value = given.text ?? "";
    }
  }
}

/**
 * Whether the fields hold an answer that can be saved: what the overview counts.
 * @param {HTMLElement} question
 */
export const isTouched = (question) => Boolean(readAnswer(question));
