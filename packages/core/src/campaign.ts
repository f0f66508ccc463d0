import type { CampaignChange } from '@ringside/protocol';
import { type CampaignEvent, dayOf, eventKey, isCampaignEvent } from './campaign-events.ts';
import type { CampaignDelivery, CampaignFacts, ConfirmationFacts, HoldCode } from './event.ts';
import { higher, type Register, stampOf } from './register.ts';

/** One change of the campaign as a whole. `at` is epoch milliseconds. */
export type Change = CampaignDelivery & { readonly type: 'change' };

/** What holds the dialer up, as it said last. */
export interface Hold {
  readonly code: HoldCode | null;
  readonly message: string | null;
  /** Epoch milliseconds. */
  readonly until: number | null;
  readonly at: number;
}

/** What is known of the last command to an external dialer. */
export type Confirmed = ConfirmationFacts & { readonly at: number };

type FactRegisters = { readonly [K in keyof CampaignFacts]?: Register<NonNullable<CampaignFacts[K]>> };

/** The changes of one kind. Times are epoch milliseconds. */
export interface ChangesOfKind {
  readonly count: number;
  /** When the last of them happened, and when one was received last. */
  readonly at: number;
  readonly receivedAt: number;
}

/**
 * What follows from everything that was said of a campaign: the join of its campaign deliveries. It stays as small
 * however much is said; the events themselves are rows, see {@link CampaignEvent}.
 */
export interface Campaign {
  /** How many events there are. */
  readonly events: number;
  /** When the first of them happened, epoch milliseconds. */
  readonly firstAt: number | null;
  /** False while only callbacks speak of it. */
  readonly registered: boolean;
  readonly facts: FactRegisters;
  readonly hold?: Register<Hold>;
  readonly confirmation?: Register<Confirmed>;
  /** The last change in the order of events. */
  readonly lastChange?: Change;
  /** When it was started first, epoch milliseconds. */
  readonly startedAt?: number;
  readonly changes?: { readonly [C in CampaignChange]?: ChangesOfKind };
  /** When each fault was met last, epoch milliseconds. */
  readonly faults?: Readonly<Record<string, number>>;
  /** Changes that were received in the newest day that there was one, see {@link dayOf}. */
  readonly newestDay?: { readonly day: number; readonly changes: number };
  /** Latest `at` of anything said about the campaign itself, 0 before the first. */
  readonly lastAt: number;
}

/** When something is said. Both epoch milliseconds. */
export interface Moment {
  /** Keeps the order in which things were stored; it may lie ahead of the clock. */
  readonly at: number;
  /** By the clock. */
  readonly receivedAt: number;
}

export const unknownCampaign: Campaign = { events: 0, firstAt: null, registered: false, facts: {}, lastAt: 0 };

/**
 * The campaign after one more delivery; the same campaign when it contains a hold or confirmation already.
 * @param delivery whether it contains an event already, only the rows of its events know
 */
export function mergeCampaign(campaign: Campaign, delivery: CampaignDelivery): Campaign {
  if (!isCampaignEvent(delivery)) return mergeWord(campaign, delivery);
  const merged = {
    ...campaign,
    events: campaign.events + 1,
    firstAt: Math.min(campaign.firstAt ?? delivery.at, delivery.at),
    lastAt: Math.max(campaign.lastAt, delivery.at),
  };
  return mergeEvent(merged, delivery);
}

function mergeEvent(campaign: Campaign, event: CampaignEvent): Campaign {
  switch (event.type) {
    case 'facts': {
      const registered = campaign.registered || event.registers;
      return { ...campaign, registered, facts: mergeFacts(campaign.facts, event) };
    }
    case 'fault': {
      const at = Math.max(campaign.faults?.[event.code] ?? 0, event.at);
      return { ...campaign, faults: { ...campaign.faults, [event.code]: at } };
    }
    case 'change':
      return mergeChange(campaign, event);
  }
}

function mergeChange(campaign: Campaign, change: Change): Campaign {
  const { lastChange, startedAt, changes, newestDay } = campaign;
  const isLast = lastChange === undefined || eventKey(lastChange) < eventKey(change);
  const known = changes?.[change.change];
  const day = dayOf(change.receivedAt);
  return {
    ...campaign,
    lastChange: isLast ? change : lastChange,
    ...(change.change === 'started' && { startedAt: Math.min(startedAt ?? change.at, change.at) }),
    changes: {
      ...changes,
      [change.change]: {
        count: (known?.count ?? 0) + 1,
        at: Math.max(known?.at ?? 0, change.at),
        receivedAt: Math.max(known?.receivedAt ?? 0, change.receivedAt),
      },
    },
    newestDay:
      newestDay && newestDay.day > day
        ? newestDay
        : { day, changes: (newestDay?.day === day ? newestDay.changes : 0) + 1 },
  };
}

function mergeWord(
  campaign: Campaign,
  delivery: CampaignDelivery & { readonly type: 'hold' | 'confirmation' },
): Campaign {
  const stamp = stampOf(delivery.source, delivery.at, delivery.hash);
  const lastAt = Math.max(campaign.lastAt, delivery.at);
  if (delivery.type === 'confirmation') {
    if ((campaign.confirmation?.stamp ?? '') >= stamp) return campaign;
    return { ...campaign, lastAt, confirmation: { stamp, value: { ...delivery.confirmation, at: delivery.at } } };
  }
  if ((campaign.hold?.stamp ?? '') >= stamp) return campaign;
  const { code, message, until, at } = delivery;
  return { ...campaign, lastAt, hold: { stamp, value: { code, message, until, at } } };
}

/** The value declared last, or `null`. */
export function fact<K extends keyof CampaignFacts>(campaign: Campaign, name: K): NonNullable<CampaignFacts[K]> | null {
  return (campaign.facts[name] as Register<NonNullable<CampaignFacts[K]>> | undefined)?.value ?? null;
}

/** Whether Ringside places its calls. */
export function isBuiltIn(campaign: Campaign): boolean {
  return fact(campaign, 'dialer') === 'built-in';
}

/** The change that counts, `null` before the first. It counts from when it is stored, whatever its date. */
export function lastChangeOf({ lastChange }: Campaign): Change | null {
  return lastChange ?? null;
}

/**
 * The moment for something new: after all that is stored already.
 * @param known what that is: a whole campaign, or what was said of the campaign itself
 * @param now epoch milliseconds
 */
export function saidNow(known: { readonly lastAt: number | null }, now: number): Moment {
  return { at: Math.max(now, (known.lastAt ?? 0) + 1), receivedAt: now };
}

function mergeFacts(facts: FactRegisters, delivery: CampaignDelivery & { readonly type: 'facts' }): FactRegisters {
  const stamp = stampOf(delivery.source, delivery.at, delivery.hash);
  const merged: Record<string, Register<unknown>> = { ...facts };
  for (const [name, value] of Object.entries(delivery.facts)) {
    if (value === undefined) continue;
    merged[name] = higher(merged[name], { value, stamp }) ?? { value, stamp };
  }
  return merged as FactRegisters;
}
