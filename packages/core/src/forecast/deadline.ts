import type { Ledger } from '@ringside/protocol';
import { lengthOf } from '../active-time.ts';
import { type Campaign, fact } from '../campaign.ts';
import { shutIntervals } from '../dialing/campaign-hours.ts';
import type { Forecast } from './types.ts';

/** What is known of the rest of a campaign. */
export interface Rest {
  readonly ledger: Ledger;
  readonly forecast: Forecast | null;
  /** When it dials, or would go on dialing, epoch milliseconds. */
  readonly from: number;
}

/** No forecast reaches further. */
const FAR_MS = 400 * 86_400_000;

/**
 * Contacts that are expected not to be called before the deadline, at the pace that the forecast's median comes to.
 * `null` without a forecast; none where there is no deadline.
 */
export function missesDeadline(campaign: Campaign, { ledger, forecast, from }: Rest): number | null {
  const deadline = fact(campaign, 'deadline');
  const contacts = ledger.notStarted + ledger.waitingRetry;
  if (deadline === null || contacts === 0) return 0;
  if (deadline <= from) return contacts;
  const needed = forecast?.seconds?.p50 ?? null;
  if (needed === null) return null;
  const span = { from, to: Math.min(deadline, from + FAR_MS) };
  const open = (span.to - span.from - lengthOf(shutIntervals(campaign, span))) / 1_000;
  return Math.ceil(contacts * Math.max(0, 1 - open / needed));
}
