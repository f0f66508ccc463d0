import { byNewestEnd, type CallRow, type CampaignState, type Changes, fact, recentCallOf } from '@ringside/core';
import type { CampaignMemory, FeedEntry } from './campaign-memory.ts';
import { MOST_RECENT } from './limits.ts';

/** The feed of a campaign, from the calls that ended last. */
export function feedOf(newest: readonly CallRow[], state: CampaignState): FeedEntry[] {
  return newest.flatMap((row) => entryOf(row, state)).sort((a, b) => byNewestEnd(a.item, b.item));
}

/** Brings the feed up to date with what a fold changed. */
export function refreshRecent(live: Pick<CampaignMemory, 'recent' | 'state'>, changes: Changes): void {
  if (live.recent === null) return;
  const touched = new Set([...changes.calls.map((row) => row.row), ...changes.removedCalls]);
  const kept = live.recent.filter(({ row }) => !touched.has(row));
  const wasFull = live.recent.length === MOST_RECENT;
  const merged = [...kept, ...changes.calls.flatMap((row) => entryOf(row, live.state))].sort((a, b) =>
    byNewestEnd(a.item, b.item),
  );
  // A shown call that left the feed may have made room for one that only the index knows.
  live.recent = wasFull && merged.length < MOST_RECENT ? null : merged.slice(0, MOST_RECENT);
}

function entryOf(row: CallRow, state: CampaignState): FeedEntry[] {
  const item = recentCallOf(row.call, fact(state.campaign, 'defaultCountry'));
  return item ? [{ row: row.row, item }] : [];
}
