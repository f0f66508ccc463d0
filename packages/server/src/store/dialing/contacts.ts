import type { Outcome } from '@ringside/protocol';
import { rowsOf, type Steps } from '../access/steps.ts';
import type { CampaignRef } from '../among-nodes.ts';
import { campaignKey } from '../campaign-key.ts';
import type { ListRow } from './dial-store.ts';
import { Parameters } from './parameters.ts';
import { callsOfAttempts } from './settling.ts';

/** A row of the list before its first call. */
export type UntouchedRow = ListRow & { readonly position: number; readonly excluded: string | null };

/** A contact that was tried without being reached, and its last call. */
export interface FailedContact {
  readonly contactKey: string;
  readonly callRow: string;
  readonly endedAt: number;
}

/** Which page of a list. */
export interface Page<After> {
  /** The last one of the page before. */
  readonly after: After;
  readonly limit: number;
}

interface UntouchedColumns {
  readonly position: number;
  readonly number: string;
  readonly contact_id: string | null;
  readonly zone: string;
  readonly attributes: string | null;
  readonly excluded: string | null;
}

/** The list before any call, in order of upload. */
export function* untouched(
  { workspace, campaignId }: CampaignRef,
  { after, limit }: Page<number>,
): Steps<readonly UntouchedRow[]> {
  const rows = yield* rowsOf<UntouchedColumns>(
    `SELECT position, number, contact_id, zone, attributes, excluded FROM list_contacts
     WHERE campaign_key = $1 AND attempts = 0 AND position > $2 ORDER BY position LIMIT $3`,
    ...[campaignKey(workspace, campaignId), after, limit],
  );
  return rows.map(({ contact_id: contactId, zone, attributes, ...row }) => ({
    ...row,
    contactId,
    zone: zone === '' ? null : zone,
    attributes: attributes === null ? null : JSON.parse(attributes),
  }));
}

/**
 * Contacts whose calls all ended without reaching them and of which nothing is due, in order of their keys. A contact
 * whose calls were deleted for their age is none of them: nothing can be said of its call any more.
 */
export function* failedContacts(
  { workspace, campaignId }: CampaignRef,
  outcomes: readonly Outcome[] | null,
  { after, limit }: Page<string>,
): Steps<readonly FailedContact[]> {
  const key = campaignKey(workspace, campaignId);
  const failed: FailedContact[] = [];
  for (let last = after; failed.length < limit; ) {
    const wanted = limit - failed.length;
    const page: readonly FailedRow[] = yield* failedRows(key, outcomes, { after: last, limit: wanted });
    const calls = yield* callsOfAttempts(
      key,
      page.map(({ last_attempt: attempt }) => attempt),
    );
    for (const { contact_key: contactKey, last_attempt: attempt } of page) {
      const call = calls.get(attempt);
      if (call?.ended_at != null) failed.push({ contactKey, callRow: call.call_row, endedAt: call.ended_at });
    }
    const end = page.at(-1);
    if (!end || page.length < wanted) break;
    last = end.contact_key;
  }
  return failed;
}

interface FailedRow {
  readonly contact_key: string;
  readonly last_attempt: string;
}

function* failedRows(
  key: string,
  outcomes: readonly Outcome[] | null,
  { after, limit }: Page<string>,
): Steps<readonly FailedRow[]> {
  const given = new Parameters(key, after, limit, outcomes === null ? 1 : 0);
  const list = given.list(outcomes ?? ['']);
  return yield* rowsOf<FailedRow>(
    `SELECT contact_key, last_attempt FROM list_contacts
     WHERE campaign_key = $1 AND contact_key > $2
       AND last_outcome IS NOT NULL AND last_outcome <> 'completed' AND due_at IS NULL AND excluded IS NULL
       AND ended = attempts AND ($4 = 1 OR last_outcome IN (${list}))
     ORDER BY contact_key LIMIT $3`,
    ...given.values,
  );
}

/** Calls contacts once more that were not reached, at once. @returns how many of them there were */
export function* dialAgain({ workspace, campaignId }: CampaignRef, contactKeys: readonly string[]): Steps<number> {
  if (contactKeys.length === 0) return 0;
  const given = new Parameters(campaignKey(workspace, campaignId));
  const list = given.list(contactKeys);
  const rows = yield* rowsOf(
    `UPDATE list_contacts SET due_at = 0, extra = extra + 1
     WHERE campaign_key = $1 AND contact_key IN (${list})
       AND last_outcome IS NOT NULL AND last_outcome <> 'completed' AND due_at IS NULL AND excluded IS NULL
       AND ended = attempts
     RETURNING position`,
    ...given.values,
  );
  return rows.length;
}
