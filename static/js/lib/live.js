// A part of a page that renews itself: asks whether anything is new, and puts only what changed.

const ASK_EVERY = 1500;
const ASK_LATEST = 20000;

/**
 * Make `old` look like `fresh`. Elements with a key that did not change stay as they are, with focus, scroll and what
 * was typed; the others are replaced.
 * @param {Element} old
 * @param {Element} fresh
 */
function renew(old, fresh) {
  const known = new Map(Array.from(old.children).map((child) => [/** @type {HTMLElement} */ (child).dataset.key, child]));
  const wanted = Array.from(fresh.children).map((child) => {
    const key = /** @type {HTMLElement} */ (child).dataset.key;
    const before = key ? known.get(key) : undefined;
    if (!before || before.tagName !== child.tagName) return child;
    if (before instanceof HTMLInputElement) return before;
    if (child.querySelector("[data-key]") || before.querySelector("[data-key]")) {
      before.className = child.className;
      renew(before, child);
    } else if (source.get(before) !== child.outerHTML && before.outerHTML !== child.outerHTML) {
      source.set(child, child.outerHTML);
      return child;
    }
    return before;
  });
  const same = wanted.length === old.childNodes.length && wanted.every((child, place) => child === old.childNodes[place]);
  if (!same) place(old, wanted);
}

/** What the server last sent for an element whose page state differs (hidden by the filter).
 * @type {WeakMap<Element, string>} */
export const source = new WeakMap();

/**
 * Put the children in this order without taking those out that stay, so that focus and scrolling survive.
 * @param {Element} parent
 * @param {Element[]} wanted
 */
function place(parent, wanted) {
  const keep = new Set(wanted);
  for (const child of Array.from(parent.childNodes)) {
    if (!keep.has(/** @type {Element} */ (child))) child.remove();
  }
  wanted.forEach((child, index) => {
    if (parent.childNodes[index] !== child) parent.insertBefore(child, parent.childNodes[index] ?? null);
  });
}

/** @param {HTMLElement} live @param {string} html */
function put(live, html) {
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  const spot = focused && live.contains(focused) ? focused.closest("[data-key]") : null;
  const row = spot?.closest("li[data-key]") ?? null;
  const next = row?.nextElementSibling ?? row?.previousElementSibling ?? null;
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const fresh = document.createElement("div");
  fresh.append(holder.content);
  renew(live, fresh);
  if (focused && spot && !focused.isConnected) keepFocus(live, spot, next);
}

/**
 * The element in focus is gone: the same one anew, else its neighbour, else the list.
 * @param {HTMLElement} live
 * @param {Element} spot
 * @param {Element | null} next
 */
function keepFocus(live, spot, next) {
  const key = /** @type {HTMLElement} */ (spot).dataset.key ?? "";
  const again = live.querySelector(`[data-key="${CSS.escape(key)}"]`) ?? (next?.isConnected ? next : null);
  const target = again?.querySelector("button, a") ?? live.querySelector(".board-scroll");
  /** @type {HTMLElement | null} */ (target)?.focus({ preventScroll: true });
}

/**
 * Keep `live` as the server has it. The page names in its data-* where to ask, what it has seen, and its words.
 * @param {HTMLElement} page
 * @param {HTMLElement} live
 * @param {() => void} renewed what is left to do after each change
 */
export function keepUp(page, live, renewed = () => {}) {
  const words = page.dataset;
  const link = /** @type {HTMLElement} */ (page.querySelector("[data-link]"));
  let version = words.version ?? "0";
  let failures = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let asking = false;

  /**
   * @param {string} tone
   * @param {string | undefined} text
   */
  function tell(tone, text) {
    if (link.textContent !== text) link.textContent = text ?? "";
    link.className = `board-link tone-${tone}`;
  }

  const signedOut = () => tell("danger", words.signedOut);

  async function ask() {
    const answer = await fetch(`${words.poll}?v=${version}`, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (answer.status === 401) {
      signedOut();
      return;
    }
    if (answer.status === 200) {
      const news = await answer.json();
      version = String(news.v);
      put(live, news.html);
      renewed();
    } else if (answer.status !== 204) throw new Error(String(answer.status));
    failures = 0;
    tell("success", words.linked);
  }

  async function keepAsking() {
    clearTimeout(timer);
    if (document.hidden || asking) return;
    asking = true;
    try {
      await ask();
    } catch {
      failures += 1;
      if (failures > 1) tell("danger", words.away);
    }
    asking = false;
    timer = setTimeout(keepAsking, Math.min(ASK_LATEST, ASK_EVERY * 2 ** Math.min(failures, 4)));
  }

  document.addEventListener("visibilitychange", keepAsking);
  window.addEventListener("online", keepAsking);
  keepAsking();
  return { keepAsking, signedOut };
}
