/**
 * What a scanned text says. Runs in the decoder's worker: of a citizen card only four fields ever leave it.
 *
 * @typedef {{kind: "badge", code: string} | {kind: "code", code: string} | {kind: "sheet", session: string}
 *   | {kind: "card", number: string, name: string, born: string, sex: "male" | "female" | ""}
 *   | {kind: "badCard"} | {kind: "cut"} | {kind: "room"} | {kind: "insurance"} | {kind: "bank"} | {kind: "vneid"}
 *   | {kind: "foreign"}} Reading
 */

const ALPHABET = "0-9A-HJKMNP-TV-Z";
const BADGE = new RegExp(`(?:^|/)B/([${ALPHABET}OIL]{16})/?$`, "i");
const OWN_CODE = new RegExp(`(?:^|/)L/([${ALPHABET}OIL]{8})/?$`, "i");
const SHEET = new RegExp(`/sessions/([${ALPHABET}]{12})(?:/|$)`, "i");
const ROOM = /\/[AF]\/[0-9A-Z]{12}[./]/i;
const CUT = /(?:^|\/)[BL]\/[0-9A-Z]*$/i;
/** Health insurance: two letters and 13 digits, or 10 digits, and many parts. */
const INSURANCE = /^(?:[A-Z]{2}\d{13}|\d{10})$/;

/** @param {string} text */
const crockford = (text) => text.toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1");

/**
 * @param {string} text
 * @returns {Reading}
 */
export function readText(text) {
  const clean = tidy(text);
  const badge = BADGE.exec(clean);
  if (badge) return { kind: "badge", code: crockford(badge[1]) };
  const own = OWN_CODE.exec(clean);
  if (own) return isLearnerCode(crockford(own[1])) ? { kind: "code", code: crockford(own[1]) } : { kind: "cut" };
  const sheet = SHEET.exec(clean);
  if (sheet) return { kind: "sheet", session: crockford(sheet[1]) };
  if (ROOM.test(clean)) return { kind: "room" };
  if (clean.includes("|")) return readCard(clean);
  if (clean.startsWith("000201")) return { kind: "bank" };
  if (/vneid|^\{?"?eid/i.test(clean)) return { kind: "vneid" };
  if (/^[0-9A-Z]{16}$/i.test(clean) && new RegExp(`^[${ALPHABET}OIL]{16}$`, "i").test(clean)) {
    return { kind: "badge", code: crockford(clean) };
  }
  if (isLearnerCode(crockford(clean))) return { kind: "code", code: crockford(clean) };
  return CUT.test(clean) ? { kind: "cut" } : { kind: "foreign" };
}

/**
 * The citizen card: number|old number|name|ddmmyyyy|Nam/Nữ|address|issued, in 2024 with four more parts, which may
 * hold relatives. Whatever is not number, name, birth or sex is dropped here.
 * @param {string} text
 * @returns {Reading}
 */
function readCard(text) {
  const parts = text.split("|").map((part) => part.trim());
  if (INSURANCE.test(parts[0]) && parts.length > 6) return { kind: "insurance" };
  const looksLikeCard = /^\d{9,12}$/.test(parts[0]) && parts.length >= 5;
  if (!looksLikeCard) return { kind: "foreign" };
  const born = isoDay(parts[3]);
  if (!/^\d{12}$/.test(parts[0]) || parts.length < 6 || !/\p{L}/u.test(parts[2]) || parts[2].length > 120 || born === null) {
    return { kind: "badCard" };
  }
  const word = parts[4].toLowerCase().normalize("NFD").replace(/\p{Mn}/gu, "");
  const sex = word === "nam" ? "male" : word === "nu" ? "female" : "";
  return { kind: "card", number: parts[0], name: parts[2].replace(/\s+/g, " "), born, sex };
}

/**
 * ddmmyyyy as yyyy-mm-dd; "" for a card without one, null for a day that does not exist.
 * @param {string} digits
 */
function isoDay(digits) {
  if (digits === "") return "";
  if (!/^\d{8}$/.test(digits)) return null;
  const [day, month, year] = [Number(digits.slice(0, 2)), Number(digits.slice(2, 4)), Number(digits.slice(4))];
  const made = new Date(Date.UTC(year, month - 1, day));
  const good = year > 1899 && made.getUTCFullYear() === year && made.getUTCMonth() === month - 1 && made.getUTCDate() === day;
  return good ? made.toISOString().slice(0, 10) : null;
}

/** @param {string} text */
function tidy(text) {
  return text
    .normalize("NFC")
    .replace(/[\uff10-\uff19]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/[\0\r\n\ufeff]/g, "")
    .trim();
}

/**
 * Eight characters, the last of which checks the others (a polynomial over the field of 32 elements, x⁵ + x² + 1).
 * @param {string} code
 */
export function isLearnerCode(code) {
  if (!new RegExp(`^[${ALPHABET}]{8}$`).test(code)) return false;
  let total = 0;
  for (const letter of code) {
    const doubled = total << 1;
    total = (doubled & 32 ? doubled ^ 0b100101 : doubled) ^ "0123456789ABCDEFGHJKMNPQRSTVWXYZ".indexOf(letter);
  }
  return total === 0;
}
