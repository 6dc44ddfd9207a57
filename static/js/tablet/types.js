/**
 * What the tablet knows, as the server sends it. Instants are milliseconds since 1970.
 *
 * @typedef {{id: string, class_id: string, class_code: string, course: string, number: number, label: string, held_on: string,
 *   starts_at: number, ends_at: number, opens_at: number, closes_at: number, late_from: number, check_out: boolean,
 *   state: string}} Session
 * @typedef {{enrolment: string, code: string, name: string, fold: string, unit: string, phone_end: string, walk_in: boolean,
 *   badges: string[], old_badges: string[], id_hash: string | null}} Learner
 * @typedef {{id: string, code: string, course: string, salt: string, rounds: number, expires_at: number, sessions: Session[],
 *   learners: Learner[], hashes_missing: number, blanks: string[], marks: Record<string, Record<string, string>>}} Roster
 * @typedef {{uuid: string, kind: string, session: string, at: number, ahead_ms: number | null, staff: string | null,
 *   direction: "in" | "out", badge?: string, code?: string, enrolment?: string, card_name?: string, number?: string,
 *   name?: string, born?: string, sex?: string, phone?: string, unit?: string, target?: string, why?: string}} Item
 * @typedef {{uuid: string, final: boolean, outcome: string, code: string, words: string, name: string, unit: string,
 *   enrolment: string, status: string | null, at: number | null, guest: boolean, direction: string}} Answer
 * @typedef {"success" | "attention" | "danger"} Tone
 * @typedef {{status: string, at: number}} Known
 * @typedef {{uuid: string, session: string, direction: "in" | "out", tone: Tone, title: string, name: string, note: string,
 *   at: number, enrolment: string, counted: boolean, mark: Known | null, undone: boolean, sent: boolean,
 *   tie: {roster: string, badge: string} | null}} Entry
 * @typedef {{tablet: {id: string, name: string}, organisation: string, time_zone: string, csrf: string,
 *   signed_in: {id: string, name: string} | null}} Who
 */
export {};
