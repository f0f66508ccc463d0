/**
 * A spreadsheet takes a cell that begins like a formula for one. A line feed is among the beginnings because some
 * programs trim it, and the fullwidth forms because some take them for the ASCII ones (OWASP, CSV Injection). What is
 * blank or invisible before such a mark, a byte order mark or a zero-width letter, is trimmed by some too.
 */
const FORMULA =
  /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/u;
/** Read as a formula a whole number in E.164 is that very number, and the file goes back to systems that look it up. */
const E164 = /^\+[1-9]\d{6,14}$/;

/** The text of a CSV cell that no spreadsheet runs: an apostrophe goes before what begins like a formula. */
export function safeCell(text: string): string {
  return FORMULA.test(text) && !E164.test(text) ? `'${text}` : text;
}
