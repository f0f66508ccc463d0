import type { Interval } from '../active-time.ts';

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
