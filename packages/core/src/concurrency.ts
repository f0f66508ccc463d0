import type { Interval } from './active-time.ts';
import { MINUTE_MS, type Rollup, SLOT_MS, SLOTS_PER_MINUTE } from './rollup.ts';

/**
 * The greatest number of calls that overlapped at the end of any 10 s slot. It is summed from starts and ends by
 * their own times, so it does not depend on the order of arrival and can be rebuilt from the records.
 */
export function peakConcurrency(rollup: Rollup, active: number): number {
  let live = 0;
  let peak = active;
  for (const minute of [...rollup.minutes.keys()].sort((a, b) => a - b)) {
    const counts = rollup.minutes.get(minute);
    for (let slot = 0; slot < SLOTS_PER_MINUTE; slot++) {
      live += (counts?.get(`s${slot}`) ?? 0) - (counts?.get(`e${slot}`) ?? 0);
      peak = Math.max(peak, live);
    }
  }
  return peak;
}

/** Calls placed in the intervals; a slot that lies in them only in part counts in proportion. */
export function attemptsIn(rollup: Rollup, intervals: readonly Interval[]): number {
  return countIn(intervals, SLOT_MS, (minute, at) => {
    const slot = Math.floor(at / SLOT_MS) % SLOTS_PER_MINUTE;
    return rollup.minutes.get(minute)?.get(`s${slot}`) ?? 0;
  });
}

/** Contacts settled in the intervals: reached, or out of attempts. */
export function settledIn(rollup: Rollup, intervals: readonly Interval[], maxAttempts: number): number {
  return countIn(intervals, MINUTE_MS, (minute) => {
    let settled = 0;
    for (const [key, n] of rollup.minutes.get(minute) ?? []) {
      if (key === 'reached') settled += n;
      else if (key.startsWith('open.') && Number(key.slice(5)) >= maxAttempts) settled += n;
    }
    return settled;
  });
}

function countIn(
  intervals: readonly Interval[],
  width: number,
  countAt: (minute: number, at: number) => number,
): number {
  let sum = 0;
  for (const { from, to } of intervals) {
    for (let at = Math.floor(from / width) * width; at < to; at += width) {
      const overlap = Math.min(to, at + width) - Math.max(from, at);
      sum += countAt(Math.floor(at / MINUTE_MS), at) * (overlap / width);
    }
  }
  return sum;
}
