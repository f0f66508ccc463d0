import { type BaseRollup, type CampaignState, withBase, withLastAt } from '@ringside/core';
import { rowOf, type Steps } from './access/steps.ts';

/** How many deliveries of a campaign are stored, and the number of the last, 0 without any. */
export interface StoredCount {
  readonly count: number;
  readonly last: number;
}

export function* countDeliveries(key: string): Steps<StoredCount> {
  const sql = 'SELECT count(*) AS count, coalesce(max(seq), 0) AS last FROM call_events WHERE campaign_key = $1';
  return (yield* rowOf<StoredCount>(sql, key)) ?? { count: 0, last: 0 };
}

/** What is known of a campaign beside its folded deliveries. */
export interface BesideFold {
  /** Number of the last stored delivery, 0 without any. */
  readonly last: number;
  /** Latest time that any stored call tells of. */
  readonly lastOfCalls: number;
  readonly base: Omit<BaseRollup, 'rollup'> | null;
  /** The one that readers have seen: it never goes back, and other work than deliveries moves it on. */
  readonly version: number;
}

/** The state of a campaign whose stored deliveries have all been folded, from nothing. */
export function replayedState(folded: CampaignState, { last, lastOfCalls, base, version }: BesideFold): CampaignState {
  if (last === 0 && !base) return folded;
  const { firstCallAt } = base ? withBase(folded, base) : folded;
  const ats = [folded.campaign.firstAt, firstCallAt].filter((at) => at !== null);
  const firstAt = ats.length === 0 ? null : Math.min(...ats);
  const whole = { ...folded, firstCallAt, firstAt, version: Math.max(last, version) };
  return withLastAt(whole, Math.max(lastOfCalls, base?.lastAt ?? 0));
}
