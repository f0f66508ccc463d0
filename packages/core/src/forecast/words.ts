const MINUTE = 60;
const HOUR = 3600;
const DAY = 24 * HOUR;

/**
 * A remaining time in words, in steps that suit its size: `45 seconds`, `15 minutes`, `1 h 20 min`, `2 days 5 h`.
 * Never nothing: what is about to end still takes 5 seconds.
 */
export function durationInWords(seconds: number): string {
  if (!(seconds < 57.5)) return longInWords(seconds);
  return `${Math.max(5, roundTo(seconds, 5))} seconds`;
}

function longInWords(seconds: number): string {
  if (seconds < 19.5 * MINUTE) return plural(Math.max(1, Math.round(seconds / MINUTE)), 'minute');
  if (seconds < 57.5 * MINUTE) return `${roundTo(seconds / MINUTE, 5)} minutes`;
  if (seconds < 23.5 * HOUR) return pair(roundTo(seconds, seconds < 5 * HOUR ? 5 * MINUTE : 15 * MINUTE), HOUR, 'min');
  const hours = roundTo(seconds / HOUR, 1);
  const rest = hours % 24;
  return plural(Math.floor(hours / 24), 'day') + (rest === 0 ? '' : ` ${rest} h`);
}

function pair(seconds: number, unit: number, small: string): string {
  const rest = Math.round((seconds % unit) / MINUTE);
  const whole = Math.floor(seconds / unit);
  return rest === 0 ? `${whole} h` : `${whole} h ${rest} ${small}`;
}

function roundTo(value: number, step: number): number {
  return Math.round(value / step) * step;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** Longer than this is no forecast. */
export const LONGEST_SECONDS = 366 * DAY;
