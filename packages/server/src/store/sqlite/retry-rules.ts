import { changesUntil, fact, reportClock, standingOf } from '@ringside/core';
import type { RetryRules } from '../contact-view.ts';
import type { LiveCampaign } from './campaigns.ts';

/**
 * What says whether contacts of a campaign are called again, at the moment for which its report is evaluated: the list
 * shows what the ledger counts.
 * @param now epoch milliseconds
 */
export function retryRulesOf({ state, rollup }: LiveCampaign, now: number): RetryRules {
  const { at } = reportClock({ state, rollup, epoch: '' }, now);
  const last = changesUntil(state.campaign, at).at(-1)?.change;
  const isClosing = last === 'completed' || last === 'cancelled';
  const closed = isClosing && standingOf(state, rollup, at).reopened === null;
  return { closed, retry: fact(state.campaign, 'retry'), now: at };
}
