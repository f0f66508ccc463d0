import type { Delivery } from '@ringside/core';
import type { CampaignRef } from '../store/among-nodes.ts';
import type { Timer } from '../store/dialing/dial-store.ts';

/** How long a first answer of an external dialer is waited for before it is asked again. */
export const FIRST_GAP_MS = 1_000;

/**
 * When a campaign must be looked at because of what was said of it. It is set in the transaction that stores what was
 * said, and never taken back: whoever looks does what the campaign as it is then asks for.
 */
export function timersOf({ workspace, campaignId }: CampaignRef, delivery: Delivery): readonly Timer[] {
  if (delivery.about !== 'campaign') return [];
  const timer = (what: Timer['what'], dueAt: number): Timer => ({ workspace, campaignId, what, dueAt });
  switch (delivery.type) {
    case 'change':
      return delivery.until === undefined ? [] : [timer('resume', delivery.until)];
    case 'facts': {
      const { startedAt = 0, deadline } = delivery.facts;
      const start = startedAt > delivery.receivedAt ? [timer('start', startedAt)] : [];
      return deadline === undefined ? start : [...start, timer('deadline', deadline)];
    }
    case 'confirmation': {
      const { state, order } = delivery.confirmation;
      return state === 'asked' && order ? [timer('confirm', delivery.receivedAt + FIRST_GAP_MS)] : [];
    }
    default:
      return [];
  }
}
