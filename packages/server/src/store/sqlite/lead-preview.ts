import { type Call, callUuid, factsOf, numberOf, scored } from '@ringside/core';
import type { LeadPreview, LeadRules, LeadStatus } from '@ringside/protocol';
import type { MaskClass } from '../../access/principal.ts';
import { maskExample } from '../mask-numbers.ts';
import { campaignKey } from './campaigns.ts';
import type { Database } from './database.ts';
import { sqlText } from './sql.ts';

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

/**
 * What lead rules would make of the newest calls that have a score now: of one campaign, or of the newest campaigns.
 * Calls with an explicit verdict stay as they are and are left out.
 */
export function previewLeads(
  db: Database,
  { workspace, campaignId, mask }: PreviewScope,
  rules: LeadRules,
): LeadPreview {
  const newest = db.prepare(sqlText('calls-newest'));
  const before: Counts = { hot: 0, warm: 0, cold: 0 };
  const after: Counts = { hot: 0, warm: 0, cold: 0 };
  const examples: LeadPreview['examples'] = [];
  let calls = 0;
  for (const id of campaignsOf(db, workspace, campaignId)) {
    const rows = newest.all(campaignKey(workspace, id), MOST_CALLS - calls) as { record: string }[];
    for (const { record } of rows) {
      const call: Call = JSON.parse(record);
      const changed = scored(call, rules);
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

function campaignsOf(db: Database, workspace: string, campaignId: string | null): string[] {
  if (campaignId !== null) return [campaignId];
  const sql = 'SELECT campaign_id AS id FROM campaigns WHERE workspace = ? ORDER BY created_at DESC LIMIT ?';
  return (db.prepare(sql).all(workspace, MOST_CAMPAIGNS) as { id: string }[]).map(({ id }) => id);
}

function count(counts: Counts, lead: LeadStatus | null): void {
  if (lead !== null && lead !== 'no-answer') counts[lead] += 1;
}
