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
  const page = await good(new Request(SHELL, { cache: "no-store" }));
  if (!(await fits(page.clone()))) throw new Error("the page is of another build");
  await cache.put(SHELL, page);
}

/** Whether every file that the page names is kept here, so that it opens without a network. */
async function fits(page) {
  const named = (await page.text()).match(/\/static\/dist\/[^"'#?\s]+/g) ?? [];
  return named.length > 0 && named.every((name) => FILES.includes(name));
}

async function tidy() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("tablet-") && name !== CACHE).map((name) => caches.delete(name)));
}

/** The page as the server has it, or after three seconds as it was kept; a newer one is kept with its own files only. */
async function shell(event) {
  const aborted = new AbortController();
  const timer = setTimeout(() => aborted.abort(), PATIENCE);
  try {
    const fresh = await good(event.request, aborted.signal);
    event.waitUntil(keep(fresh.clone()));
    return fresh;
  } catch {
    return (await (await caches.open(CACHE)).match(SHELL)) ?? Response.error();
  } finally {
    clearTimeout(timer);
  }
}

async function keep(page) {
  if (await fits(page.clone())) await (await caches.open(CACHE)).put(SHELL, page);
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
