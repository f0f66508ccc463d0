import type { Interval } from '../active-time.ts';
import { lengthOf } from '../active-time.ts';
import type { ForecastInput } from './types.ts';

/** Seconds of active time. */
export interface Range {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

/**
 * What happens besides what the simulation knows of: added, as independent deviations are, to the half widths of the
 * logarithm. Found on campaigns of known end.
 */
const UNKNOWN = 0.02;
/** Earlier forecasts that missed by more than their half width widen this one, up to as many times. */
const MOST = 2;
const NARROWEST = 0.03;

/** The range with room for surprises: some for any campaign, more for one that has surprised before. */
export function widened(range: Range, input: ForecastInput): Range {
  const factor = surprise(range.p50, input);
  const half = (ratio: number): number => factor * Math.hypot(Math.log(Math.max(1, ratio)), UNKNOWN);
  const p50 = Math.max(1, range.p50);
  const p10 = p50 * Math.exp(-half(p50 / Math.max(1, range.p10)));
  const p90 = p50 * Math.exp(half(range.p90 / p50));
  return { p10, p50, p90 };
}

/** How much wider this campaign's earlier forecasts should have been, by what is now thought to come true. */
function surprise(p50: number, { earlier, now, active }: ForecastInput): number {
  const misses = earlier.map(({ at, p10, p50: said, p90 }) => {
    const true_ = activeSince(active, at, now) + p50;
    const half = true_ > said ? p90 / said : said / Math.max(1, p10);
    return Math.abs(Math.log(true_ / said)) / Math.max(NARROWEST, Math.log(half));
  });
  return Math.min(MOST, Math.max(1, ...misses));
}

function activeSince(active: readonly Interval[], at: number, now: number): number {
  const since = active
    .filter(({ to }) => to > at)
    .map(({ from, to }) => ({ from: Math.max(from, at), to: Math.min(to, now) }));
  return lengthOf(since) / 1_000;
}
