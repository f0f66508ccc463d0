import type { Delivery } from '@ringside/core';
import { timersOf } from '../../control/timers-of.ts';
import type { Steps } from '../access/steps.ts';
import type { CampaignRef } from '../among-nodes.ts';
import { setListOpen } from './list.ts';
import { setTimer } from './timers.ts';

/**
 * What is stored in one transaction with something that was said of a campaign: when it must be looked at because of it,
 * and that the dialer looks at its list again where dialing goes on. So nobody on the list is forgotten, whoever said it.
 */
export function* followSaid(campaign: CampaignRef, delivery: Delivery): Steps<void> {
  for (const timer of timersOf(campaign, delivery)) yield* setTimer(timer);
  if (delivery.about !== 'campaign' || delivery.type !== 'change') return;
  if (delivery.change === 'started' || delivery.change === 'resumed') yield* setListOpen(campaign, true);
}
