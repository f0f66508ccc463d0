import { deliveryFromText, iso, knownAt, MemoryCampaign, report } from '@ringside/core';
import type { Report } from '@ringside/protocol';
import { breathe } from './call-lists.ts';
import { campaignKey } from './campaign-key.ts';
import type { ReadSource } from './read-source.ts';

/** Some tens of milliseconds; between two pages others are served. */
const PAGE = 250;

/**
 * The report as it would have been at a moment, had everything been heard at once when it happened: the stored
 * deliveries without the events that came later, folded from nothing.
 * @param at epoch milliseconds
 * @returns `null` for a campaign of which nothing was known then
 */
export async function reportAsOf(
  source: Pick<ReadSource, 'events'>,
  {
    workspace,
    campaignId,
    at,
    recent,
  }: { readonly workspace: string; readonly campaignId: string; readonly at: number; readonly recent: number },
): Promise<Report | null> {
  const key = campaignKey(workspace, campaignId);
  const campaign = new MemoryCampaign();
  let after = 0;
  for (;;) {
    const page = await source.events(key, after, PAGE);
    const known = page.map(({ delivery }) => knownAt(deliveryFromText(delivery), at));
    campaign.apply(known.filter((delivery) => delivery !== null));
    const last = page.at(-1);
    if (page.length < PAGE || !last) break;
    after = last.seq;
    await breathe();
  }
  const { state, rollup } = campaign;
  if (state.version === 0) return null;
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
