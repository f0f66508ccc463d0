/** From and to, epoch milliseconds. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** The parts of `intervals` that lie in none of `closed`. Both oldest first. */
export function outside(intervals: readonly Interval[], closed: readonly Interval[]): Interval[] {
  return intervals.flatMap((interval) => {
    const kept: Interval[] = [];
    let from = interval.from;
    for (const gap of closed) {
      if (gap.to <= from) continue;
      if (gap.from >= interval.to) break;
      if (gap.from > from) kept.push({ from, to: gap.from });
      from = Math.max(from, gap.to);
    }
    if (from < interval.to) kept.push({ from, to: interval.to });
    return kept;
  });
}

/** The last `wanted` milliseconds of the given intervals. */
export function lastOf(intervals: readonly Interval[], wanted: number): Interval[] {
  const kept: Interval[] = [];
  let missing = wanted;
  for (const { from, to } of [...intervals].reverse()) {
    if (missing <= 0) break;
    const start = Math.max(from, to - missing);
    kept.unshift({ from: start, to });
    missing -= to - start;
  }
  return kept;
}

/** Milliseconds in the intervals. */
export function lengthOf(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, { from, to }) => sum + (to - from), 0);
}
