/** Seconds of active time. */
export interface Range {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

/** What happens besides what the simulation knows of. Found, like the next, on campaigns of known end. */
const UNKNOWN = 0.02;
/** How much of what the pace missed by in the past is to be expected again. */
const AGAIN = 0.3;

/**
 * The range with room for surprises: some for any campaign, more for one that has surprised before. They are added to
 * the half widths of the logarithm as independent deviations are.
 * @param missed by how much the campaign's pace missed earlier, see `missesOf`
 */
export function widened(range: Range, missed: number): Range {
  const half = (ratio: number): number => Math.hypot(Math.log(Math.max(1, ratio)), UNKNOWN, AGAIN * missed);
  const p50 = Math.max(1, range.p50);
  const p10 = p50 * Math.exp(-half(p50 / Math.max(1, range.p10)));
  const p90 = p50 * Math.exp(half(range.p90 / p50));
  return { p10, p50, p90 };
}
