import type { CampaignChange } from '@ringside/protocol';
import type { CampaignDelivery, CampaignFacts, ConfirmationFacts, HoldCode } from './event.ts';
import { compare, higher, type Register, stampOf } from './register.ts';

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

/** Everything declared about a campaign: the join of its campaign deliveries. */
export interface Campaign {
  /** All that was said, in its one order: by time, then by {@link changeRank}, then by hash. */
  readonly history: readonly CampaignDelivery[];
  /** False while only callbacks speak of it. */
  readonly registered: boolean;
  readonly facts: FactRegisters;
  /** These come often: the last statement counts, and the history does not grow by them. */
  readonly hold?: Register<Hold>;
  readonly confirmation?: Register<Confirmed>;
  /** Latest `at` of anything said about the campaign itself, 0 before the first. */
  readonly lastAt: number;
}

/** Time of a statement. Both members are epoch milliseconds. */
export interface Moment {
  /** Keeps the order of storing; may lie ahead of the clock. */
  readonly at: number;
  /** Reading of the clock. */
  readonly receivedAt: number;
}

export const unknownCampaign: Campaign = { history: [], registered: false, facts: {}, lastAt: 0 };

/** Of two changes at the same instant the later in this list counts as the later: the more careful one wins. */
const changeOrder: readonly CampaignChange[] = ['started', 'resumed', 'paused', 'failed', 'completed', 'cancelled'];

export function changeRank(change: CampaignChange): number {
  return changeOrder.indexOf(change);
}

/** The campaign after one more delivery; the same campaign when it already contains it. */
export function mergeCampaign(campaign: Campaign, delivery: CampaignDelivery): Campaign {
  if (delivery.type === 'hold' || delivery.type === 'confirmation') return mergeWord(campaign, delivery);
  if (campaign.history.some((known) => known.hash === delivery.hash)) return campaign;
  const declares = delivery.type === 'facts';
  return {
    ...campaign,
    history: [...campaign.history, delivery].sort(byTime),
    registered: campaign.registered || (declares && delivery.registers),
    facts: declares ? mergeFacts(campaign.facts, delivery) : campaign.facts,
    lastAt: Math.max(campaign.lastAt, delivery.at),
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

/** The changes in their order. Each counts once it is stored, also one dated ahead of the clock. */
export function changesOf({ history }: Campaign): readonly Change[] {
  return history.filter(isChange);
}

/** Returns the latest change, `null` before the first. */
export function lastChangeOf({ history }: Campaign): Change | null {
  return history.findLast(isChange) ?? null;
}

/**
 * Returns the date of a new statement: after everything stored before.
 * @param known the campaign with its calls, or its own statements alone
 * @param now epoch milliseconds
 */
export function saidNow(known: { readonly lastAt: number | null }, now: number): Moment {
  return { at: Math.max(now, (known.lastAt ?? 0) + 1), receivedAt: now };
}

function isChange(entry: CampaignDelivery): entry is Change {
  return entry.type === 'change';
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

function byTime(a: CampaignDelivery, b: CampaignDelivery): number {
  return a.at - b.at || rankOf(a) - rankOf(b) || compare(a.hash, b.hash);
}

function rankOf(delivery: CampaignDelivery): number {
  return delivery.type === 'change' ? changeRank(delivery.change) : -1;
}
