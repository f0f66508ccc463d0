/**
 * Tolerant readers of values from outside the page: the browser, its storage, the address and the API. `Intl`, `Date` and
 * `decodeURIComponent` throw on what they do not know; a reader returns its fallback instead.
 */

/** An instant as the API writes it, epoch milliseconds, or a date. */
export type Moment = string | number | Date | null | undefined;

/** The text of a value that is missing or unreadable. */
export const NO_VALUE = '–';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;

/** Epoch milliseconds; NaN for what is no instant, which no comparison accepts and formatters show as {@link NO_VALUE}. */
export function readInstant(moment: Moment): number {
  if (moment instanceof Date) return moment.getTime();
  if (typeof moment === 'number') return new Date(moment).getTime();
  // `Date.parse` guesses: for “foo 1” it returns a day of 2001.
  return typeof moment === 'string' && INSTANT.test(moment) ? Date.parse(moment) : Number.NaN;
}

/** The instant in UTC, ISO 8601; `null` for what is no instant. */
export function isoOf(moment: Moment): string | null {
  const at = readInstant(moment);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

/** The time by the server's clock, which the SDK derives from its answers. */
export function readServerTime(client: { serverTime(): number }): Date {
  return new Date(client.serverTime());
}

const knownZones = new Map<unknown, boolean>();

/** The zone whose clock this browser can compute; `UTC` for any other. Labels name the zone that this returns. */
export function readZone(name: unknown): string {
  let known = knownZones.get(name);
  if (known === undefined) {
    known = typeof name === 'string' && attempt(() => new Intl.DateTimeFormat('en', { timeZone: name })) !== null;
    knownZones.set(name, known);
  }
  return known ? (name as string) : 'UTC';
}

/** The zone of this browser; `UTC` where it names none. */
export function browserZone(): string {
  return readZone(attempt(() => Intl.DateTimeFormat().resolvedOptions().timeZone));
}

/** The zones that this browser lists; none where it has no list. */
export function browserZones(): readonly string[] {
  return attempt(() => Intl.supportedValuesOf('timeZone')) ?? [];
}

/** The country of the reader's languages, such as `IN` for `en-IN`; empty where they name none. */
export function browserCountry(): string {
  const tags: readonly unknown[] = [...(navigator.languages ?? []), navigator.language];
  return tags.map(readRegion).find((region) => region !== '') ?? '';
}

/** The country of a language tag; empty for a tag without one and for what is no tag, such as `en-US@posix`. */
export function readRegion(tag: unknown): string {
  const region = typeof tag === 'string' ? attempt(() => new Intl.Locale(tag).region) : null;
  return region?.match(/^[A-Z]{2}$/)?.[0] ?? '';
}

const countryNames = attempt(() => new Intl.DisplayNames('en', { type: 'region' }));

/** The English name of a country; its code where there is none. */
export function countryName(code: string): string {
  return attempt(() => countryNames?.of(code)) ?? code;
}

/** A currency code that amounts can be written with; `null` for any other, and the amount is shown without one. */
export function readCurrency(code: unknown): string | null {
  return typeof code === 'string' && /^[A-Z]{3}$/.test(code) ? code : null;
}

/** A part of an address, decoded once; as it stands where it is not percent-encoded UTF-8. */
export function readPathPart(part: string | undefined): string {
  return attempt(() => decodeURIComponent(part ?? '')) ?? part ?? '';
}

/** Choices of a page whose browser keeps none: they last until it is closed. */
const unstored = new Map<string, string>();

/** What this browser keeps for the page; `null` where there is nothing or storage is blocked. */
export function readStored(key: string): string | null {
  return unstored.get(key) ?? attempt(() => localStorage.getItem(key));
}

/** Keeps a choice in this browser; where storage is blocked or full, only until the page is closed. */
export function writeStored(key: string, value: string): void {
  unstored.delete(key);
  const kept = attempt(() => {
    localStorage.setItem(key, value);
    return true;
  });
  if (!kept) unstored.set(key, value);
}

function attempt<T>(read: () => T): T | null {
  try {
    return read() ?? null;
  } catch {
    return null;
  }
}
