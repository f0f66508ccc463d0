import type { RecentCall } from '@ringside/protocol';

/** What the feed shows, and what waits. */
export interface FeedState {
  readonly shown: readonly RecentCall[];
  /** Calls that are not shown, because somebody is reading. */
  readonly waiting: number;
  /** Calls that have just come in, which may be told by motion. */
  readonly entered: ReadonlySet<string>;
}

export const emptyFeed: FeedState = { shown: [], waiting: 0, entered: new Set() };

/**
 * Takes the newest calls. @param following the feed is at its top and nobody points at it: new calls enter; else they wait,
 * while calls that are shown still change in place, as when a lead is judged
 */
export function nextFeed({ shown, entered }: FeedState, calls: readonly RecentCall[], following: boolean): FeedState {
  const known = new Set(shown.map(({ callUUID }) => callUUID));
  const news = calls.filter(({ callUUID }) => !known.has(callUUID));
  if (following) {
    const isFirst = shown.length === 0;
    return { shown: calls, waiting: 0, entered: isFirst ? entered : new Set(news.map(({ callUUID }) => callUUID)) };
  }
  const current = new Map(calls.map((call) => [call.callUUID, call]));
  return { shown: shown.map((call) => current.get(call.callUUID) ?? call), waiting: news.length, entered };
}
