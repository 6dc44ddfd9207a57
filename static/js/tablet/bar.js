// The line at the top: who, which tablet, online or not, how much waits, since when and why.
import { clockTime, part, say, write } from "./page.js";
import { state } from "./state.js";
import { queueLength, waiting } from "./store.js";

export async function bar() {
  const waits = await queueLength();
  write("tablet-name", state.who?.tablet.name ?? "");
  write("who", state.who?.signed_in?.name ?? say("nobody"));
  part("queue").hidden = waits === 0;
  write("queue", say("queue", { n: waits }));
  const why = obstacle(waits);
  const [tone, word] = !why ? ["success", "online"] : why === "offline" ? ["danger", "offline"] : ["attention", why === "kept" ? "online" : "held"];
  part("link").className = `link tone-${tone}`;
  write("link", say(word));
  write("contact", state.contact ? say("contact", { at: clockTime(state.contact) }) : "");
  const since = waits && why ? say("since", { n: waits, at: clockTime(await oldest()) }) : "";
  write("why", why && (waits || why !== "offline") ? [say(`why.${why}`), since].filter(Boolean).join(" ") : "");
  part("why").hidden = !part("why").textContent;
}

/** Why something is not delivered, or would not be; "" when the way is free. @param {number} waits */
function obstacle(waits) {
  if (state.reach) return state.reach;
  return state.delivery === "sent" || !waits ? "" : state.delivery;
}

/** When the first of what waits was scanned. */
async function oldest() {
  const item = (await waiting(1))[0]?.item;
  return item ? item.at - (item.ahead_ms ?? 0) : Date.now();
}
