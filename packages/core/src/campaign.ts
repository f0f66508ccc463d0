import type { CampaignChange } from '@ringside/protocol';
import type { CampaignDelivery, CampaignFacts } from './event.ts';
import { unreachable } from './must.ts';
import { compare, higher, type Register, stampOf } from './register.ts';

/** One line of what happened to the campaign as a whole. `at` is epoch milliseconds. */
export interface Change {
  readonly at: number;
  readonly change: CampaignChange;
  readonly reason: string | null;
  readonly actor: string | null;
  readonly hash: string;
}

type FactRegisters = { readonly [K in keyof CampaignFacts]?: Register<NonNullable<CampaignFacts[K]>> };

/** Everything declared about a campaign: the join of its campaign deliveries. */
export interface Campaign {
  readonly seen: readonly string[];
  /** False while only callbacks speak of it. */
  readonly registered: boolean;
  readonly facts: FactRegisters;
  /** In their one order: by time, then by {@link changeRank}, then by hash. */
  readonly changes: readonly Change[];
  /** Latest `at` of anything said about the campaign itself, 0 before the first. */
  readonly lastAt: number;
  /** Latest time of each fault that stands in the way, by code. */
  readonly faults: Readonly<Record<string, Register<number>>>;
}

export const unknownCampaign: Campaign = { seen: [], registered: false, facts: {}, changes: [], lastAt: 0, faults: {} };

/** Of two changes at the same instant the later in this list counts as the later: the more careful one wins. */
const changeOrder: readonly CampaignChange[] = ['started', 'resumed', 'paused', 'failed', 'completed', 'cancelled'];

export function changeRank(change: CampaignChange): number {
  return changeOrder.indexOf(change);
}

/** The campaign after one more delivery; the same campaign when it already contains it. */
export function mergeCampaign(campaign: Campaign, delivery: CampaignDelivery): Campaign {
  if (campaign.seen.includes(delivery.hash)) return campaign;
  const seen = [...campaign.seen, delivery.hash].sort();
  const lastAt = Math.max(campaign.lastAt, delivery.at);
  switch (delivery.type) {
    case 'facts':
      return {
        ...campaign,
        seen,
        lastAt,
        registered: campaign.registered || delivery.registers,
        facts: mergeFacts(campaign.facts, delivery),
      };
    case 'change': {
      const { at, change, reason, actor, hash } = delivery;
      const changes = [...campaign.changes, { at, change, reason, actor, hash }].sort(byTime);
      return { ...campaign, seen, lastAt, changes };
    }
    case 'fault': {
      const stated = { value: delivery.at, stamp: stampOf(delivery.source, delivery.at, delivery.hash) };
      const latest = higher(campaign.faults[delivery.code], stated) ?? stated;
      return { ...campaign, seen, lastAt, faults: { ...campaign.faults, [delivery.code]: latest } };
    }
    default:
      return unreachable(delivery);
  }
}

/** The value declared last, or `null`. */
export function fact<K extends keyof CampaignFacts>(campaign: Campaign, name: K): NonNullable<CampaignFacts[K]> | null {
  return (campaign.facts[name] as Register<NonNullable<CampaignFacts[K]>> | undefined)?.value ?? null;
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

function byTime(a: Change, b: Change): number {
  return a.at - b.at || changeRank(a.change) - changeRank(b.change) || compare(a.hash, b.hash);
}
