import { changesUntil, fact, standingOf } from '@ringside/core';
import type { RetryRules } from '../contact-view.ts';
import type { LiveCampaign } from './campaigns.ts';

/** What says whether contacts of a campaign are called again. @param now epoch milliseconds */
export function retryRulesOf({ state, rollup }: LiveCampaign, now: number): RetryRules {
  const last = changesUntil(state.campaign, now).at(-1)?.change;
  const isClosing = last === 'completed' || last === 'cancelled';
  const closed = isClosing && standingOf(state, rollup, now).reopened === null;
  return { closed, retry: fact(state.campaign, 'retry'), now };
}
