import { type BaseRollup, deliveryFromText, iso, knownAt, MemoryCampaign, report, rollupToData } from '@ringside/core';
import { breathe } from './call-lists.ts';
import { campaignKey } from './campaign-key.ts';
import type { ReadSource } from './read-source.ts';
import type { PastReport } from './reads.ts';

/** Some tens of milliseconds; between two pages others are served. */
const PAGE = 250;

/** Largest campaign for a report of the past, which is folded in memory: two kilobytes and more a delivery. */
export interface PastLimits {
  readonly deliveries: number;
  /** Of the deliveries' text. */
  readonly bytes: number;
}

const usualLimits: PastLimits = { deliveries: 50_000, bytes: 24 * 1024 * 1024 };

/**
 * The report as it would have been at a moment, had everything been heard at once when it happened: the stored
 * deliveries without the events that came later, folded from nothing.
 * @param at epoch milliseconds
 * @returns `null` for a campaign of which nothing was known then; for a moment of which records were deleted, since
 * when they are whole; for a campaign that is too large, the limit
 */
export async function reportAsOf(
  source: Pick<ReadSource, 'events' | 'eventCount' | 'base'>,
  {
    workspace,
    campaignId,
    at,
    recent,
  }: { readonly workspace: string; readonly campaignId: string; readonly at: number; readonly recent: number },
  limits: PastLimits = usualLimits,
): Promise<PastReport> {
  const key = campaignKey(workspace, campaignId);
  const tooLarge = { mostDeliveries: limits.deliveries };
  if ((await source.eventCount(key, limits.deliveries + 1)) > limits.deliveries) return tooLarge;
  let base = await source.base(key);
  let campaign: MemoryCampaign | null;
  for (;;) {
    if (base && at < base.deletedBefore) return { deletedBefore: base.deletedBefore };
    campaign = await replayed(source, { key, at, base, limits });
    if (!campaign) return tooLarge;
    const since = await source.base(key);
    if (sameBase(base, since)) break;
    // Records were deleted while they were read: some may be in neither.
    base = since;
  }
  const { state, rollup } = campaign;
  if (state.version === 0 && !base) return null;
  const recentCalls = campaign.recentCalls(recent);
  await breathe();
  const input = { campaignId, state, rollup, recentCalls, epoch: '', forecast: campaign.forecast(at) };
  await breathe();
  return report(input, { at, revision: `past.${state.version}.${iso(at)}` });
}

interface Replay {
  readonly key: string;
  readonly at: number;
  readonly base: BaseRollup | null;
  readonly limits: PastLimits;
}

/** @returns `null` for a campaign that is too large, or grew too large meanwhile */
async function replayed(
  source: Pick<ReadSource, 'events'>,
  { key, at, base, limits }: Replay,
): Promise<MemoryCampaign | null> {
  const campaign = new MemoryCampaign(base);
  let deliveries = 0;
  let bytes = 0;
  for (let after = 0; ; ) {
    const page = await source.events(key, after, PAGE);
    deliveries += page.length;
    bytes += page.reduce((sum, { delivery }) => sum + delivery.length, 0);
    if (deliveries > limits.deliveries || bytes > limits.bytes) return null;
    const known = page.map(({ delivery }) => knownAt(deliveryFromText(delivery), at));
    campaign.apply(known.filter((delivery) => delivery !== null));
    const last = page.at(-1);
    if (page.length < PAGE || !last) return campaign;
    after = last.seq;
    await breathe();
  }
}

function sameBase(a: BaseRollup | null, b: BaseRollup | null): boolean {
  if (a === null || b === null) return a === b;
  const text = ({ rollup, ...header }: BaseRollup) => JSON.stringify([header, rollupToData(rollup)]);
  return text(a) === text(b);
}
