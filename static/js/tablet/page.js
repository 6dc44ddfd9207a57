// The page's parts by their names, words from the page, and the time as people read it.

const root = document.body;
/** @type {Record<string, string>} */
export const words = JSON.parse(/** @type {HTMLElement} */ (document.querySelector("[data-words]")).textContent ?? "{}");
export const language = document.documentElement.lang;

/** @param {string} name @returns {HTMLElement} */
export const part = (name) => /** @type {HTMLElement} */ (root.querySelector(`[data-part="${name}"]`));

/**
 * @param {string} name
 * @param {Record<string, string | number>} [given]
 */
export function say(name, given = {}) {
  return (words[name] ?? name).replace(/\{(\w+)\}/g, (_, key) => String(given[key] ?? ""));
}

/** @param {string} name the only view that is shown */
export function show(name) {
  for (const view of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-view]"))) {
    view.hidden = view.dataset.view !== name;
  }
  root.dataset.shown = name;
}

export const shown = () => root.dataset.shown ?? "";

/** @param {string} name @param {string} text */
export function write(name, text) {
  const place = part(name);
  if (place.textContent !== text) place.textContent = text;
}

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {(Node | string)[]} children
 */
export function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** @param {string} name of the sprite */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("fill", "currentColor");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${root.dataset.sprite}#${name}`);
  svg.append(use);
  return svg;
}

let zone = "Asia/Ho_Chi_Minh";
/** @param {string} name */
export const setZone = (name) => { zone = name; };
/** @param {number} at */
export const clockTime = (at) =>
  new Date(at).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: zone });
/** @param {number} at the day, too, of what may be from another one */
export const dateTime = (at) => `${dayText(dayOf(at)).slice(0, 5)} ${clockTime(at)}`;
/** @param {string} day yyyy-mm-dd */
export const dayText = (day) => day.split("-").reverse().join("/");
/** @param {number} at */
export const dayOf = (at) => new Date(at).toLocaleDateString("sv-SE", { timeZone: zone });
