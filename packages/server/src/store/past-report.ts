import { type BaseRollup, deliveryFromText, iso, knownAt, MemoryCampaign, report, rollupToData } from '@ringside/core';
import { breathe } from './call-lists.ts';
import { campaignKey } from './campaign-key.ts';
import type { ReadSource } from './read-source.ts';
import type { PastReport } from './reads.ts';

/** Some tens of milliseconds; between two pages others are served. */
const PAGE = 250;

/**
 * The report as it would have been at a moment, had everything been heard at once when it happened: the stored
 * deliveries without the events that came later, folded from nothing.
 * @param at epoch milliseconds
 * @returns `null` for a campaign of which nothing was known then; for a moment of which records were deleted, since
 * when they are whole
 */
export async function reportAsOf(
  source: Pick<ReadSource, 'events' | 'base'>,
  {
    workspace,
    campaignId,
    at,
    recent,
  }: { readonly workspace: string; readonly campaignId: string; readonly at: number; readonly recent: number },
): Promise<PastReport> {
  const key = campaignKey(workspace, campaignId);
  let base = await source.base(key);
  let campaign: MemoryCampaign;
  for (;;) {
    if (base && at < base.deletedBefore) return { deletedBefore: base.deletedBefore };
    campaign = await replayed(source, key, at, base);
    const since = await source.base(key);
    if (sameBase(base, since)) break;
    // Records were deleted while they were read: some may be in neither.
    base = since;
  }
  const { state, rollup } = campaign;
  if (state.version === 0 && !base) return null;
  const input = {
    campaignId,
    state,
    rollup,
    recentCalls: campaign.recentCalls(recent),
    epoch: '',
    forecast: campaign.forecast(at),
  };
  return report(input, { at, revision: `past.${state.version}.${iso(at)}` });
}

async function replayed(
  source: Pick<ReadSource, 'events'>,
  key: string,
  at: number,
  base: BaseRollup | null,
): Promise<MemoryCampaign> {
  const campaign = new MemoryCampaign(base);
  for (let after = 0; ; ) {
    const page = await source.events(key, after, PAGE);
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
