import type { CallingWindows, DialPlan } from '@ringside/protocol';
import type { CampaignDelivery, CampaignFacts, Delivery, HoldCode } from '../event.ts';
import { MemoryCampaign } from '../memory-campaign.ts';
import { type Standing, standingOf } from '../phase.ts';
import { change, minute, missed, registered, said } from './said.ts';

/** @param now minutes after the start */
export function standing(now: number, ...deliveries: Delivery[]): Standing {
  const campaign = new MemoryCampaign();
  campaign.apply(deliveries);
  return standingOf(campaign.state, campaign.rollup, minute(now));
}

const dial: DialPlan = {
  callerIds: ['+918035735659'],
  answerMethod: 'POST',
  machineDetection: 'off',
  ringTimeoutSeconds: 45,
};
const retry = { maxAttempts: 3, delaySeconds: 1_800 };

/** Registered, with a caller id and three attempts. */
export const list = (totalCalls: number, more: CampaignFacts = {}): CampaignDelivery =>
  registered(minute(0), { dialer: 'built-in', totalCalls, dial, retry, ...more });
export const started = change(minute(0), 'started', null, 'Asha');

/** A missed call after which the dialer decided to call again. */
export const again = (call: string, from: number, dueAt: number): Delivery[] => [
  missed(call, from),
  said({ call }, { type: 'retry', at: from + 30_000, timing: 'exact', dueAt }),
];

export function hold(at: number, code: HoldCode | null, until: number | null = null): CampaignDelivery {
  const base = { about: 'campaign' as const, source: 'api' as const, receivedAt: at, hash: `hold${at}` };
  return { ...base, type: 'hold', at, code, message: null, until };
}

/** The tests' campaigns begin at 14:00 UTC on a Thursday. */
export const windows = (from: string, to: string, zone: CallingWindows['zone'] = 'campaign'): CallingWindows => ({
  zone,
  weekly: [{ days: [1, 2, 3, 4, 5, 6, 7], from, to }],
  holidays: [],
});
