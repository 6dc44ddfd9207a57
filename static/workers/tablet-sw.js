// Keeps the scanner page and its files on the tablet, so that it opens with the server gone. Data is not kept here.
const CACHE = `tablet-${VERSION}`;
const SHELL = "/tablet/";
const PATIENCE = 3000;

addEventListener("install", (event) => {
  event.waitUntil(fill().then(() => skipWaiting()));
});
addEventListener("activate", (event) => {
  event.waitUntil(tidy().then(() => clients.claim()));
});
addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname === SHELL) event.respondWith(shell(event));
  else if (FILES.includes(url.pathname)) event.respondWith(kept(event.request));
});

async function fill() {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES);
  await cache.put(SHELL, await good(new Request(SHELL, { cache: "no-store" })));
}

async function tidy() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("tablet-") && name !== CACHE).map((name) => caches.delete(name)));
}

/** The page as the server has it, or after three seconds as it was kept. */
async function shell(event) {
  const aborted = new AbortController();
  const timer = setTimeout(() => aborted.abort(), PATIENCE);
  try {
    const fresh = await good(event.request, aborted.signal);
    const copy = fresh.clone();
    event.waitUntil(caches.open(CACHE).then((cache) => cache.put(SHELL, copy)));
    return fresh;
  } catch {
    return (await caches.match(SHELL)) ?? Response.error();
  } finally {
    clearTimeout(timer);
  }
}

async function good(request, signal) {
  const answer = await fetch(request, { signal });
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  return answer;
}

/** Files are named after their content: what is kept is right for ever. */
async function kept(request) {
  return (await caches.match(request)) ?? fetch(request);
}
