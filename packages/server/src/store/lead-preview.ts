import { callFromText, callUuid, countsAttempts, factsOf, numberOf, placesOf, scored } from '@ringside/core';
import type { LeadPreview, LeadRules, LeadStatus } from '@ringside/protocol';
import type { MaskClass } from '../access/principal.ts';
import { campaignKey } from './campaign-key.ts';
import { maskExample } from './mask-numbers.ts';
import type { ReadSource } from './read-source.ts';

const MOST_CALLS = 2_000;
const MOST_CAMPAIGNS = 20;
const MOST_EXAMPLES = 10;

interface PreviewScope {
  readonly workspace: string;
  /** `null`: the newest campaigns. */
  readonly campaignId: string | null;
  readonly mask: MaskClass;
}

type Counts = Record<'hot' | 'warm' | 'cold', number>;
type PreviewSource = Pick<ReadSource, 'newestCalls' | 'newestCampaigns' | 'contacts'>;

/**
 * What lead rules would make of the newest calls that have a score now: of one campaign, or of the newest campaigns.
 * Calls with an explicit verdict stay as they are and are left out.
 */
export async function previewLeads(
  source: PreviewSource,
  { workspace, campaignId, mask }: PreviewScope,
  rules: LeadRules,
): Promise<LeadPreview> {
  const before: Counts = { hot: 0, warm: 0, cold: 0 };
  const after: Counts = { hot: 0, warm: 0, cold: 0 };
  const examples: LeadPreview['examples'] = [];
  let calls = 0;
  const ids = campaignId === null ? await source.newestCampaigns(workspace, MOST_CAMPAIGNS) : [campaignId];
  for (const id of ids) {
    const key = campaignKey(workspace, id);
    const rows = await source.newestCalls(key, MOST_CALLS - calls);
    const places = countsAttempts(rules) ? await placesIn(source, key, rows) : new Map<string, number>();
    for (const row of rows) {
      const call = callFromText(row.record);
      const changed = scored(call, rules, places.get(row.call_row) ?? 1);
      if (call.lead || !changed.score) continue;
      calls += 1;
      const [was, is] = [factsOf(call).lead, factsOf(changed).lead];
      count(before, was);
      count(after, is);
      if (was === is || examples.length >= MOST_EXAMPLES) continue;
      const { score, reasons } = changed.score;
      const one = { callUUID: callUuid(call), campaignId: id, before: was, after: is, score, reasons: [...reasons] };
      const numbers = [numberOf(call, null), call.from?.value ?? null];
      examples.push(mask === 'full' ? one : maskExample(one, numbers));
    }
    if (calls >= MOST_CALLS) break;
  }
  return { calls, before, after, examples };
}

/** Each call's place among its contact's attempts, 1 for the first. */
async function placesIn(
  source: PreviewSource,
  campaign: string,
  calls: readonly { readonly contact_key: string | null }[],
): Promise<ReadonlyMap<string, number>> {
  const keys = new Set(calls.flatMap(({ contact_key: key }) => key ?? []));
  return placesOf(await source.contacts(campaign, [...keys]));
}

function count(counts: Counts, lead: LeadStatus | null): void {
  if (lead !== null && lead !== 'no-answer') counts[lead] += 1;
}
