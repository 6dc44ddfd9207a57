// The page of spot checks: who answers leaves the list by itself.
import { keepUp } from "./lib/live.js";

const page = /** @type {HTMLElement} */ (document.querySelector("[data-spots]"));
keepUp(page, /** @type {HTMLElement} */ (page.querySelector("[data-live]")));
