import type { RecentCall } from '@ringside/protocol';

/** Calls in a feed unless more are asked for. */
export const DEFAULT_RECENT = 25;

/** Calls that a feed holds at most. */
export const MOST_RECENT = 100;

/**
 * Puts calls into a feed: one that it knows by `callUUID` is replaced, others are added; newest end first, ties by
 * `callUUID`, at most `cap`.
 */
export function upsertCalls(feed: readonly RecentCall[], calls: readonly RecentCall[], cap: number): RecentCall[] {
  const known = new Map(feed.map((call) => [call.callUUID, call]));
  for (const call of calls) known.set(call.callUUID, call);
  return [...known.values()].sort(byNewestEnd).slice(0, cap);
}

function byNewestEnd(a: RecentCall, b: RecentCall): number {
  return Date.parse(b.endTime) - Date.parse(a.endTime) || (a.callUUID < b.callUUID ? -1 : 1);
}
