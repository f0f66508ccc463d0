import { type CampaignState, lastChangeOf, type Rollup, reportClock, retryReadingOf, standingOf } from '@ringside/core';
import type { RetryRules } from './contact-view.ts';

/** What a report is made of. */
export interface Counted {
  readonly state: CampaignState;
  readonly rollup: Rollup;
}

/**
 * What says whether contacts of a campaign are called again, at the moment for which its report is evaluated: the list
 * shows what the ledger counts.
 * @param now epoch milliseconds
 */
export function retryRulesOf({ state, rollup }: Counted, now: number): RetryRules {
  const { at } = reportClock({ state, rollup, epoch: '' }, now);
  const last = lastChangeOf(state.campaign)?.change;
  const isClosing = last === 'completed' || last === 'cancelled';
  const closed = isClosing && standingOf(state, rollup, at).reopened === null;
  return { closed, retry: retryReadingOf(state.campaign), now: at };
}
