// An ID number as the roster knows it: PBKDF2-SHA-256, so that a lost tablet does not give the numbers away.

/**
 * @param {string} number twelve digits
 * @param {{salt: string, rounds: number}} roster
 * @returns {Promise<string>} base 64 of 16 bytes
 */
export async function stretch(number, roster) {
  const salt = Uint8Array.from(atob(roster.salt), (letter) => letter.charCodeAt(0));
  const digits = new TextEncoder().encode(number);
  const key = await crypto.subtle.importKey("raw", digits, "PBKDF2", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: roster.rounds }, key, 128);
  return btoa(String.fromCharCode(...new Uint8Array(bits)));
}
