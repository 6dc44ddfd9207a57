// What the page knows right now: who holds the tablet, what is on, and how the line to the server stands.
import { Scanner } from "./scanner.js";

/** @typedef {import("./types.js").Session} Session */
/** @typedef {import("./types.js").Who} Who */

export const state = {
  /** @type {Who | null} */
  who: null,
  /** @type {Session[]} */
  sessions: [],
  /** When the server was last heard, by the tablet's own clock. */
  contact: 0,
  /** @type {"" | "offline" | "unknown" | "revoked" | "blocked" | "often" | "busy"} why the server is not to be had; "" when it is */
  reach: "offline",
  /** @type {import("./sending.js").Outcome} how the last delivery ended */
  delivery: "sent",
  /** @type {"" | "unknown" | "revoked"} why the server deals with this tablet no longer */
  lost: "",
  /** A blank badge that was scanned and waits for its learner. */
  blank: "",
  /** @type {Record<string, string>} what the last card said, for the form of walk-ins */
  card: {},
};

export const scanner = new Scanner();
