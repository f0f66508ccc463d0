const FIRST_MS = 1_000;
const CAP_MS = 30_000;
const LONGEST_RETRY_AFTER_MS = 60 * 60 * 1_000;

/**
 * Milliseconds to wait after a failure: doubling from 1 s to 30 s, of which a random half is taken off, so that many
 * hosts do not come back in step.
 *
 * @param failures in a row, from 1
 * @param random 0 up to 1
 */
export function backoffMs(failures: number, random: number): number {
  const full = Math.min(CAP_MS, FIRST_MS * 2 ** Math.min(failures - 1, 30));
  return Math.round(full * (1 - random / 2));
}

/**
 * Milliseconds that a `Retry-After` header asks for, as seconds or as a date; at most an hour, so that a mistaken
 * header cannot silence a host for days. `null` where there is none that can be read.
 *
 * @param now epoch milliseconds
 */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  const wait = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  return Number.isNaN(wait) ? null : Math.min(Math.max(wait, 0), LONGEST_RETRY_AFTER_MS);
}
