import type { CampaignState, Rollup } from '@ringside/core';
import type { RecentCall } from '@ringside/protocol';
import type { ForecastMemory } from './forecasting.ts';

/** What a report of a campaign is made of. Feed and forecasts hold nothing that could not be read again. */
export interface CampaignMemory {
  readonly key: string;
  state: CampaignState;
  readonly rollup: Rollup;
  /** Newest calls by row, `null` while not loaded. */
  recent: FeedEntry[] | null;
  readonly forecasts: ForecastMemory;
}

/** A call of the feed. */
export interface FeedEntry {
  readonly row: string;
  readonly item: RecentCall;
}
