import { offsetAt } from '@ringside/core';

const FORMAT = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d{1,6})?$/;
const QUARTER_HOUR = 15 * 60_000;
const EARLIEST = Date.UTC(2000, 0, 1);
const MOST_EAST = 14 * 3_600_000;
const MOST_WEST = -12 * 3_600_000;

/** Reads `YYYY-MM-DD HH:mm:ss[.ffffff]` as if it were UTC. @returns epoch milliseconds, `null` where it is no time */
export function parseClock(text: string | null): number | null {
  if (text === null || !FORMAT.test(text)) return null;
  // Each part stands at a fixed place; capturing groups would take three times as long.
  const part = (from: number, to: number): number => Number(text.slice(from, to));
  const [year, month, day] = [part(0, 4), part(5, 7), part(8, 10)];
  const [hour, minute, second] = [part(11, 13), part(14, 16), part(17, 19)];
  const at = Date.UTC(year, month - 1, day, hour, minute, second, Math.floor(Number(`0.${text.slice(20)}`) * 1000));
  const real = new Date(at);
  const exists =
    real.getUTCMonth() === month - 1 && real.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return exists && at >= EARLIEST ? at : null;
}

/**
 * The offset of the account's console zone, from one callback that carries the same moment in both: `StartTime` in
 * console time and `SessionStart` in UTC, which differ by a few seconds beside the offset.
 * @returns milliseconds east of UTC, or `null` where the two cannot be the same moment
 */
export function consoleOffset(startTime: number | null, sessionStart: number | null): number | null {
  if (startTime === null || sessionStart === null) return null;
  const offset = Math.round((startTime - sessionStart) / QUARTER_HOUR) * QUARTER_HOUR;
  return offset >= MOST_WEST && offset <= MOST_EAST ? offset : null;
}

/** Offset of a named zone at a wall-clock time in it, milliseconds east of UTC. */
export function zoneOffset(wallClock: number, zone: string): number {
  const guess = wallClock - offsetAt(zone, wallClock);
  return offsetAt(zone, guess);
}
