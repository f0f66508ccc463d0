import { callFromText, callUuid, countsAttempts, factsOf, numberOf, placesOf, scored } from '@ringside/core';
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
  const placeOf = countsAttempts(rules) ? placeReader(db) : () => 1;
  for (const id of campaignsOf(db, workspace, campaignId)) {
    const key = campaignKey(workspace, id);
    const rows = newest.all(key, MOST_CALLS - calls) as unknown as NewestCall[];
    for (const row of rows) {
      const call = callFromText(row.record);
      const changed = scored(call, rules, placeOf(key, row));
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

interface NewestCall {
  readonly call_row: string;
  readonly contact_key: string | null;
  readonly record: string;
}

/** Finds a call's place among its contact's attempts, 1 for the first; each contact is read once. */
function placeReader(db: Database): (campaign: string, call: NewestCall) => number {
  const contact = db.prepare(sqlText('contact-by-key'));
  const known = new Map<string, ReadonlyMap<string, number>>();
  const read = (campaign: string, key: string): ReadonlyMap<string, number> => {
    const found = contact.get(campaign, key) as { attempts: string } | undefined;
    return placesOf(found ? [{ key, attempts: JSON.parse(found.attempts) }] : []);
  };
  return (campaign, { call_row: row, contact_key: key }) => {
    if (key === null) return 1;
    const name = `${campaign} ${key}`;
    const places = known.get(name) ?? read(campaign, key);
    known.set(name, places);
    return places.get(row) ?? 1;
  };
}

function campaignsOf(db: Database, workspace: string, campaignId: string | null): string[] {
  if (campaignId !== null) return [campaignId];
  const sql = 'SELECT campaign_id AS id FROM campaigns WHERE workspace = ? ORDER BY created_at DESC LIMIT ?';
  return (db.prepare(sql).all(workspace, MOST_CAMPAIGNS) as { id: string }[]).map(({ id }) => id);
}

function count(counts: Counts, lead: LeadStatus | null): void {
  if (lead !== null && lead !== 'no-answer') counts[lead] += 1;
}
