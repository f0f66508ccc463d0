import { byNewestEnd, type CallRow, type Changes, fact, recentCallOf } from '@ringside/core';
import type { RecentCall } from '@ringside/protocol';
import { MOST_RECENT } from '../limits.ts';
import type { CallRows } from './call-rows.ts';
import type { LiveCampaign } from './campaigns.ts';

/** The newest calls of a campaign: read from the index once, then kept up to date in memory. */
export function recentCalls(live: LiveCampaign, rows: CallRows, count: number): RecentCall[] {
  live.recent ??= rows
    .newest(live.key, MOST_RECENT)
    .flatMap((row) => entryOf(row, live))
    .sort((a, b) => byNewestEnd(a.item, b.item));
  return live.recent.slice(0, count).map(({ item }) => item);
}

/** Brings the feed up to date with what a fold changed. */
export function refreshRecent(live: LiveCampaign, changes: Changes): void {
  if (live.recent === null) return;
  const touched = new Set([...changes.calls.map((row) => row.row), ...changes.removedCalls]);
  const kept = live.recent.filter(({ row }) => !touched.has(row));
  const wasFull = live.recent.length === MOST_RECENT;
  const merged = [...kept, ...changes.calls.flatMap((row) => entryOf(row, live))].sort((a, b) =>
    byNewestEnd(a.item, b.item),
  );
  // A shown call that left the feed may have made room for one that only the index knows.
  live.recent = wasFull && merged.length < MOST_RECENT ? null : merged.slice(0, MOST_RECENT);
}

function entryOf(row: CallRow, live: LiveCampaign): { row: string; item: RecentCall }[] {
  const item = recentCallOf(row.call, fact(live.state.campaign, 'defaultCountry'));
  return item ? [{ row: row.row, item }] : [];
}
