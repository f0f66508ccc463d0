import { isInstant, isTimeZone } from '@ringside/protocol';
import type { Interval } from '../active-time.ts';

/** A stretch in which the clocks of a zone are not changed. */
export interface Stretch extends Interval {
  /** What local time is ahead of UTC, milliseconds. */
  readonly offset: number;
}

/** Making a formatter costs a thousand times what using it does. */
const formatters = new Map<string, Intl.DateTimeFormat | null>();

/** Whether the clock of a zone can be computed here. A store may come from a machine that knew more zones. */
export function isKnownZone(zone: string): boolean {
  return zone === 'UTC' || formatterOf(zone) !== null;
}

/** How far the clock of a zone is ahead of UTC, milliseconds; 0 for an unknown zone. @param at epoch milliseconds */
export function offsetAt(zone: string, at: number): number {
  const formatter = zone === 'UTC' ? null : formatterOf(zone);
  if (formatter === null || !isInstant(at)) return 0;
  const field: Record<string, number> = {};
  for (const { type, value } of formatter.formatToParts(at)) field[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = field;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1_000) * 1_000;
}

/** Clocks are nowhere changed and changed back within so long. */
const STEP_MS = 7 * 86_400_000;

/** Cuts a span where the clocks of a zone are changed, and into pieces of a week at most. */
export function* stretchesOf(zone: string, { from, to }: Interval): Generator<Stretch> {
  let at = from;
  let offset = offsetAt(zone, at);
  while (at < to) {
    const end = Math.min(at + STEP_MS, to);
    const next = offsetAt(zone, end);
    const until = next === offset ? end : changeBetween(zone, at, end);
    yield { from: at, to: until, offset };
    at = until;
    offset = next;
  }
}

/** The first moment of the offset that is in force at `to`, which is not that of `from`. */
function changeBetween(zone: string, from: number, to: number): number {
  const before = offsetAt(zone, from);
  let [low, high] = [from, to];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(zone, middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

function formatterOf(zone: string): Intl.DateTimeFormat | null {
  let formatter = formatters.get(zone);
  if (formatter === undefined) {
    formatter = !isTimeZone(zone)
      ? null
      : new Intl.DateTimeFormat('en-US', {
          timeZone: zone,
          hourCycle: 'h23',
          year: 'numeric',
          month: 'numeric',
          day: 'numeric',
          hour: 'numeric',
          minute: 'numeric',
          second: 'numeric',
        });
    formatters.set(zone, formatter);
  }
  return formatter;
}
