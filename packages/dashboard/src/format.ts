import { type Moment, NO_VALUE, readCurrency, readInstant, readZone } from './readers.ts';

/** A piece of a quantity: a figure, or the unit behind it, which is set smaller. */
export interface Part {
  readonly text: string;
  readonly unit?: true;
}

export type Quantity = readonly Part[];

const LOCALE = 'en-GB';
const NARROW_SPACE = '\u202f';

const counts = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** 1200 → `1,200` */
export function formatCount(value: number): string {
  return Number.isFinite(value) ? counts.format(value) : NO_VALUE;
}

function formatTenths(value: number): string {
  return Number.isFinite(value) ? tenths.format(value) : NO_VALUE;
}

/** 51.34 → `51.3` `%` */
export function percentOf(value: number): Quantity {
  return [{ text: formatTenths(value) }, unit('%')];
}

/** 12.4 → `12.4` `/ min` */
export function perMinute(value: number, name = '/ min'): Quantity {
  return [{ text: formatTenths(value) }, unit(name)];
}

/** Seconds in the two largest units that matter: 108 → `1` `m` `48` `s`; 4000 → `1` `h` `7` `m`. */
export function durationOf(seconds: number): Quantity {
  if (!Number.isFinite(seconds)) return [{ text: NO_VALUE }];
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  if (hours > 0) return [{ text: formatCount(hours) }, unit('h'), { text: String(minutes) }, unit('m')];
  if (minutes > 0) return [{ text: String(minutes) }, unit('m'), { text: String(whole % 60) }, unit('s')];
  return [{ text: String(whole) }, unit('s')];
}

/** A quantity as plain text, for titles and labels: `1 m 48 s`. */
export function plain(quantity: Quantity): string {
  return quantity.map(({ text }) => text).join(NARROW_SPACE);
}

/** Seconds as on a phone’s display: 130 → `2:10`, 4000 → `1:06:40`. */
export function formatTalk(seconds: number): string {
  if (!Number.isFinite(seconds)) return NO_VALUE;
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** An instant as a clock shows it here: `14:32:07`. @param timeZone the browser's own where left out */
export function formatClock(moment: Moment, timeZone?: string): string {
  const at = readInstant(moment);
  if (Number.isNaN(at)) return NO_VALUE;
  return clockFormat({ timeStyle: 'medium', hourCycle: 'h23' }, timeZone).format(at);
}

/** An instant to the minute: `14:00`; when it is not today, with its date; in another year, with that: `21 Nov 2025, 14:00`. */
export function formatMinute(moment: Moment, now: Moment, timeZone?: string): string {
  const [at, present] = [readInstant(moment), readInstant(now)];
  if (Number.isNaN(at) || Number.isNaN(present)) return NO_VALUE;
  const isSame = (style: Intl.DateTimeFormatOptions): boolean => {
    const format = clockFormat(style, timeZone);
    return format.format(at) === format.format(present);
  };
  const year = isSame({ year: 'numeric' }) ? {} : ({ year: 'numeric' } as const);
  const date = isSame({ dateStyle: 'short' }) ? {} : ({ day: 'numeric', month: 'short', ...year } as const);
  return clockFormat({ ...date, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, timeZone).format(at);
}

function clockFormat(style: Intl.DateTimeFormatOptions, timeZone: string | undefined): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(LOCALE, {
    ...style,
    timeZone: timeZone === undefined ? undefined : readZone(timeZone),
  });
}

/** How long ago something was: `now`, `3 s ago`, `12 min ago`, `5 h ago`, `3 days ago`. */
export function formatAgo(milliseconds: number): string {
  if (Number.isNaN(milliseconds)) return NO_VALUE;
  const seconds = Math.floor(Math.max(0, milliseconds) / 1000);
  if (seconds < 1) return 'now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  const days = Math.floor(seconds / 86_400);
  return days === 1 ? '1 day ago' : `${days} days ago`;
}

/** How long until something: `in a moment`, `in 40 s`, `in 12 min`, `in 3 h 10 min`, `in 2 days`. */
export function formatIn(milliseconds: number): string {
  if (Number.isNaN(milliseconds)) return NO_VALUE;
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds <= 0) return 'in a moment';
  if (seconds < 60) return `in ${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `in ${minutes} min`;
  if (minutes < 24 * 60) return `in ${Math.floor(minutes / 60)} h${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`;
  const days = Math.round(minutes / (24 * 60));
  return days === 1 ? 'in a day' : `in ${days} days`;
}

const ISO_INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** A sentence of the server, which writes instants as machines do, with them as the reader’s clock shows them. */
export function inReadersTime(sentence: string, now: Moment, timeZone?: string): string {
  return sentence.replace(ISO_INSTANT, (instant) => formatMinute(instant, now, timeZone));
}

/**
 * An amount in its currency: whole cents, or for less than one unit as many places as show two figures.
 * @param amount a decimal such as `0.017542`
 * @param code ISO 4217; the bare number where it is `null` or no such code
 */
export function formatMoney(amount: string, code: string | null): string {
  const value = Number(amount);
  if (!Number.isFinite(value)) return NO_VALUE;
  const places = value > 0 && value < 1 ? Math.min(6, Math.max(2, 1 - Math.floor(Math.log10(value)))) : 2;
  const currency = readCurrency(code);
  const style = currency === null ? {} : ({ style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const);
  return new Intl.NumberFormat(LOCALE, { ...style, minimumFractionDigits: 2, maximumFractionDigits: places }).format(
    value,
  );
}

/** `1 call`, `7 calls`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

function unit(text: string): Part {
  return { text, unit: true };
}
