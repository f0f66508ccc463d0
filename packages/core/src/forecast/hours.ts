import type { Interval } from '../active-time.ts';

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

/** Milliseconds of the stretch from `from` to `to` that are not closed. */
export function openBetween(from: number, to: number, closed: readonly Interval[]): number {
  let open = to - from;
  for (const gap of closed) {
    if (gap.from >= to) break;
    open -= Math.max(0, Math.min(to, gap.to) - Math.max(from, gap.from));
  }
  return Math.max(0, open);
}

/** The moment by which `open` milliseconds have passed since `from`, closed hours not counted. */
export function afterOpen(from: number, open: number, closed: readonly Interval[]): number {
  let at = from + open;
  for (const gap of closed) {
    if (gap.to <= from) continue;
    if (gap.from >= at) break;
    at += gap.to - Math.max(from, gap.from);
  }
  return at;
}
