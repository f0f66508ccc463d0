import type { RecentCall } from '@ringside/protocol';
import { MOST_RECENT } from '../limits.ts';
import { feedOf } from '../recent-calls.ts';
import type { CallRows } from './call-rows.ts';
import type { LiveCampaign } from './campaigns.ts';

/** The newest calls of a campaign: read from the index once, then kept up to date in memory. */
export function recentCalls(live: LiveCampaign, rows: CallRows, count: number): RecentCall[] {
  live.recent ??= feedOf(rows.newest(live.key, MOST_RECENT), live.state);
  return live.recent.slice(0, count).map(({ item }) => item);
}
