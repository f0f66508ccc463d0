import { isoOf, type Moment, readInstant, readZone } from './readers.ts';

const DAY_MS = 86_400_000;

/**
 * The clock of a zone at an instant, as a date-and-time field of the browser writes it: `2026-11-23T09:00`; empty for what is
 * no instant. A zone that the browser does not know counts as UTC, here and below.
 */
export function localAt(moment: Moment, timeZone: string): string {
  const at = readInstant(moment);
  return isoOf(at + offsetOf(at, timeZone))?.slice(0, 16) ?? '';
}

/**
 * The instant at which the clock of a zone shows a time, ISO 8601; `null` where the text is no such time.
 * @param local such as `2026-11-23T09:00`; a time that a change of clocks leaves out counts as after the change
 */
export function instantOf(local: string, timeZone: string): string | null {
  const asUtc = readInstant(`${local}Z`);
  const guess = asUtc - offsetOf(asUtc, timeZone);
  return isoOf(asUtc - offsetOf(guess, timeZone));
}

/** The next day of a zone at some time of day, such as `09:00`. */
export function tomorrowAt(time: string, now: Moment, timeZone: string): string | null {
  const today = readInstant(`${localAt(now, timeZone).slice(0, 10)}T00:00Z`);
  const tomorrow = isoOf(today + DAY_MS)?.slice(0, 10) ?? '';
  return instantOf(`${tomorrow}T${time}`, timeZone);
}

/** By how many milliseconds a zone’s clock is ahead of UTC; NaN at what is no instant. */
function offsetOf(at: number, timeZone: string): number {
  if (Number.isNaN(readInstant(at))) return Number.NaN;
  const style = { timeZone: readZone(timeZone), dateStyle: 'short', timeStyle: 'medium' } as const;
  const shown = new Intl.DateTimeFormat('sv-SE', style).format(at);
  return readInstant(`${shown.replace(' ', 'T')}Z`) - Math.floor(at / 1000) * 1000;
}
