import type { CampaignChange } from '@ringside/protocol';
import type { CampaignDelivery } from './event.ts';
import { MINUTE_MS } from './rollup.ts';

/** What is said of a campaign and kept in a row of its own: of holds and confirmations the last word counts alone. */
export type CampaignEvent = CampaignDelivery & { readonly type: 'facts' | 'change' | 'fault' };

/**
 * Names an event within its campaign. As text, keys sort in the one order of events: by time, then by
 * {@link changeRank}, then by hash.
 */
export type EventKey = string;

/** Fifteen digits; a time before 1970 has a minus, and counts up from so long before it. */
const TIME_DIGITS = 15;
const LONG_BEFORE = 10 ** (TIME_DIGITS - 1);
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Of two changes at the same instant the later in this list counts as the later: the more careful one wins. */
const changeOrder: readonly CampaignChange[] = ['started', 'resumed', 'paused', 'failed', 'completed', 'cancelled'];

export function changeRank(change: CampaignChange): number {
  return changeOrder.indexOf(change);
}

export function isCampaignEvent(delivery: CampaignDelivery): delivery is CampaignEvent {
  return delivery.type === 'facts' || delivery.type === 'change' || delivery.type === 'fault';
}

export function eventKey(event: CampaignEvent): EventKey {
  const rank = event.type === 'change' ? changeRank(event.change) + 1 : 0;
  return `${timeText(event.at)}${rank}${event.hash}`;
}

/** When the event happened, epoch milliseconds. */
export function timeOfKey(key: EventKey): number {
  const time = Number(key.slice(0, TIME_DIGITS));
  return key.startsWith('-') ? -time - LONG_BEFORE : time;
}

function timeText(at: number): string {
  return at < 0 ? `-${LONG_BEFORE + at}` : String(at).padStart(TIME_DIGITS, '0');
}

/** The change that the event tells of, `undefined` for another event. */
export function changeOfKey(key: EventKey): CampaignChange | undefined {
  return changeOrder[Number(key.charAt(TIME_DIGITS)) - 1];
}

/** The day in which something was received, in days since 1970, UTC. */
export function dayOf(receivedAt: number): number {
  return Math.floor(receivedAt / DAY_MS);
}
