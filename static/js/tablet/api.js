// The server, in JSON. What cannot be reached throws; what it refuses comes back with its status.

const PATIENCE = 15_000;

/** @typedef {{status: number, data: any}} Told */

/**
 * @param {string} path below /tablet/
 * @param {object} [body] posted when given
 * @returns {Promise<Told>}
 */
export async function ask(path, body) {
  const given = new AbortController();
  const timer = setTimeout(() => given.abort(), PATIENCE);
  try {
    const answer = await fetch(`/tablet/${path}`, {
      method: body ? "POST" : "GET",
      headers: { Accept: "application/json", ...(body ? { "Content-Type": "application/json", "X-Tablet": "1" } : {}) },
      body: body ? JSON.stringify(body) : undefined,
      cache: "no-store",
      credentials: "same-origin",
      signal: given.signal,
    });
    return { status: answer.status, data: parsed(await answer.text()) };
  } finally {
    clearTimeout(timer);
  }
}

/** @param {string} text what is no JSON of ours says nothing */
function parsed(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

/** @param {string} csrf end the sign-in of whoever holds the tablet; throws while the server has not done so */
export async function signOut(csrf) {
  const answer = await fetch("/sign-out", { method: "POST", body: new URLSearchParams({ csrf_token: csrf }), credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
}
