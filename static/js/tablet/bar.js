// The line at the top: who, which tablet, online or not, how much waits.
import { clockTime, part, say, write } from "./page.js";
import { state } from "./state.js";
import { queueLength } from "./store.js";

export async function bar() {
  const waits = await queueLength();
  write("tablet-name", state.who?.tablet.name ?? "");
  write("who", state.who?.signed_in?.name ?? say("nobody"));
  part("queue").hidden = waits === 0;
  write("queue", say("queue", { n: waits }));
  part("link").className = `link tone-${state.linked ? "success" : "danger"}`;
  write("link", say(state.linked ? "online" : "offline"));
  write("contact", state.contact ? say("contact", { at: clockTime(state.contact) }) : "");
}
