import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { normaliseNumber } from './phone.ts';

/** A number of an uploaded list: to be called, or why it cannot be. */
export type ListedNumber = { readonly number: string } | { readonly wrong: 'shortened' | 'no-number' | 'not-a-number' };

/** What copying from contacts and web pages leaves in a cell, and nobody sees. */
const INVISIBLE = /[\p{Cf}\u00ad]/gu;
const DASHES = /\p{Dash_Punctuation}|\u2212/gu;
/** How a spreadsheet writes a long number in a narrow column, and as it is put down to stay a text. */
const SCIENTIFIC = /^\+?(\d)(?:[.,](\d*))?E\+?(\d{1,2})$/i;
const FORMULA = /^="?([^"]*)"?$/;
const WRITTEN = /^\+?[\d\s().-]+$/;
/** With its plus. A short row of digits may be a number of any country, and of one that nobody meant. */
const LONGEST_NATIONAL = 11;
const E164 = /^\+[1-9]\d{6,14}$/;

/**
 * Reads a cell as a number to call. What a spreadsheet did to it is mended where only one number can have been meant;
 * `9.19E+11` has lost digits, and is none.
 * @param country ISO 3166 code for numbers without one, or `null`
 */
export function listedNumber(cell: string, country: string | null): ListedNumber {
  const plain = cell.normalize('NFKC').replace(INVISIBLE, '').replace(DASHES, '-').trim();
  const text = plain
    .replace(FORMULA, '$1')
    .replace(/^'+/, '')
    .replace(/^tel:/i, '')
    .replace(/^(\+?\d+)[.,]0+$/, '$1')
    .trim();
  if (text === '') return { wrong: 'no-number' };
  const whole = withoutExponent(text);
  if (whole === null) return { wrong: 'shortened' };
  if (!WRITTEN.test(whole)) return { wrong: 'not-a-number' };
  const number = normaliseNumber(whole, country);
  // It takes what looks international as it is; whether a country has such numbers, and a `(0)` in the middle, is seen here.
  const parsed = E164.test(number) ? parsePhoneNumberFromString(number) : undefined;
  const saysCountry = country !== null || /^(\+|00)/.test(whole) || number.length > LONGEST_NATIONAL;
  return parsed?.isPossible() && saysCountry ? { number: parsed.number } : { wrong: 'not-a-number' };
}

/** `9.1987654321E+11` with all its digits; `null` where some are gone. */
function withoutExponent(text: string): string | null {
  const [, first, rest = '', exponent] = SCIENTIFIC.exec(text) ?? [];
  if (first === undefined) return text;
  // Zeros at the end of a number are no longer written then: one that lost them cannot be told from one that lost others.
  return rest.length === Number(exponent) ? first + rest : null;
}
