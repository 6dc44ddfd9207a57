/**
 * Letters without accents, in lower case, single spaces: "Đặng  Thị Hoà" and "dang thi hoa" become equal.
 * @param {string} text
 */
export function fold(text) {
  return text.toLowerCase().replace(/đ/g, "d").normalize("NFD").replace(/\p{Mn}/gu, "").replace(/\s+/g, " ").trim();
}
