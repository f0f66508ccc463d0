import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';

const INTERNATIONAL = /^\+[1-9]\d{6,14}$/;
const PUNCTUATION = /[\s().-]/g;
const ERASED = 'erased-';

/**
 * One spelling per line, so that attempts on it meet: E.164 where the text can be read as a number. Digits without
 * `+` are international, unless the campaign has a default country. A `sip:` address, or what cannot be read, stays
 * as it is.
 * @param country ISO 3166 code, or `null`
 */
export function normaliseNumber(text: string, country: string | null): string {
  const trimmed = text.trim();
  if (isErasedNumber(trimmed)) return trimmed;
  if (/^sips?:/i.test(trimmed)) return trimmed;
  const bare = trimmed.replace(PUNCTUATION, '');
  if (INTERNATIONAL.test(bare)) return bare;
  if (country !== null && isSupportedCountry(country)) {
    const local = parsePhoneNumberFromString(bare, country as CountryCode);
    if (local?.isPossible()) return local.number;
  }
  const international = `+${bare.replace(/^00/, '')}`;
  return INTERNATIONAL.test(international) ? international : trimmed;
}

/** True for what stands in the place of a number that was erased. */
export function isErasedNumber(text: string): boolean {
  return text.startsWith(ERASED);
}

/** What stands in the place of an erased number. @param letters tells one from another; letters, since nothing must read it as a number */
export function erasedNumber(letters: string): string {
  return ERASED + letters;
}

/** A number as anybody is shown it: of one that was erased only that. */
export function shownNumber(number: string): string {
  return isErasedNumber(number) ? 'erased' : number;
}

/** A number as those may see it who may not see numbers: country and operator, and the last three digits. */
export function maskNumber(number: string): string {
  if (number === 'erased' || isErasedNumber(number)) return 'erased';
  if (!/^\+?\d{6,}$/.test(number)) return '•••';
  const head = number.slice(0, number.startsWith('+') ? 5 : 4);
  const tail = number.slice(-3);
  return head + '•'.repeat(Math.max(3, number.length - head.length - tail.length)) + tail;
}

/** The digits of a number as people of its country write it, `null` where that is not known. */
export function nationalDigits(number: string): string | null {
  return parsePhoneNumberFromString(number)?.nationalNumber ?? null;
}
