import { rowsOf, type Steps } from '../access/steps.ts';
import type { CampaignRef } from '../among-nodes.ts';
import { campaignKey } from '../campaign-key.ts';
import { attemptRows, withEvidence } from './attempts.ts';
import { barredAmong, leaveOut } from './barred.ts';
import type { SendResult } from './dial-store.ts';
import type { TokenOf } from './do-not-call.ts';
import { Parameters } from './parameters.ts';

export type AttemptResult = SendResult & { readonly attemptId: string };

/**
 * An attempt may have waited for its turn while its account rested, and somebody may have said in that time that nobody
 * may call its number.
 * @returns the attempts that may be sent; one that is not `intended` any more is left out
 */
export function* beginSending(
  campaign: CampaignRef,
  attemptIds: readonly string[],
  sendBefore: number,
  tokenOf: TokenOf,
): Steps<readonly string[]> {
  if (attemptIds.length === 0) return [];
  const key = campaignKey(campaign.workspace, campaign.campaignId);
  const intended = (yield* attemptRows(key, attemptIds)).filter(({ state }) => state === 'intended');
  const barred = yield* barredAmong(campaign, intended, tokenOf);
  const withdrawn = intended.filter(({ position }) => barred.has(position)).map(({ attempt_id: id }) => id);
  yield* undo(key, withdrawn, 'intended');
  yield* leaveOut(key, barred, sendBefore);
  const given = new Parameters(key, sendBefore);
  const list = given.list(attemptIds);
  // A commit whose answer was lost is tried again: nobody else chose this very moment.
  const rows = yield* rowsOf<{ attempt_id: string }>(
    `UPDATE attempts SET state = 'sending', send_before = $2
     WHERE campaign_key = $1 AND attempt_id IN (${list})
       AND (state = 'intended' OR (state = 'sending' AND send_before = $2))
     RETURNING attempt_id`,
    ...given.values,
  );
  const begun = new Set(rows.map(({ attempt_id: id }) => id));
  return attemptIds.filter((id) => begun.has(id));
}

/** Puts what was not begun to be sent back on the list as it was. */
export function* putBack({ workspace, campaignId }: CampaignRef, attemptIds: readonly string[]): Steps<void> {
  yield* undo(campaignKey(workspace, campaignId), attemptIds, 'intended');
}

/** Puts down what became of sending. An attempt that is not being sent, or has an end already, stays as it is. */
export function* endSending(
  { workspace, campaignId }: CampaignRef,
  results: readonly AttemptResult[],
  now: number,
): Steps<void> {
  const key = campaignKey(workspace, campaignId);
  const notSent = results.filter(({ kind }) => kind === 'not-sent').map(({ attemptId }) => attemptId);
  yield* undo(key, notSent, 'sending');
  const ended = results.filter(isSent);
  const known = new Map((yield* attemptRows(key, idsOf(ended))).map((row) => [row.attempt_id, row]));
  const cells = ended.flatMap((result) => {
    const row = known.get(result.attemptId);
    if (row?.state !== 'sending') return [];
    if (result.kind === 'accepted') return [[row.attempt_id, 'accepted', result.requestId, row.evidence]];
    return [[row.attempt_id, result.kind, null, withEvidence(row.evidence, result.why, now)]];
  });
  if (cells.length === 0) return;
  const given = new Parameters(key);
  const rows = given.rows(cells, ['text', 'text', 'text', 'text']);
  yield* rowsOf(
    `WITH sent (attempt_id, state, request_id, evidence) AS (VALUES ${rows})
     UPDATE attempts SET state = sent.state, request_id = sent.request_id, evidence = sent.evidence FROM sent
     WHERE attempts.campaign_key = $1 AND attempts.attempt_id = sent.attempt_id AND attempts.state = 'sending'`,
    ...given.values,
  );
}

function isSent(result: AttemptResult): result is Exclude<AttemptResult, { kind: 'not-sent' }> {
  return result.kind !== 'not-sent';
}

function idsOf(results: readonly AttemptResult[]): readonly string[] {
  return results.map(({ attemptId }) => attemptId);
}

/**
 * As if the attempts had never been made. Whom somebody excluded meanwhile stays so.
 * @returns places of their contacts on the list
 */
export function* undo(
  key: string,
  attemptIds: readonly string[],
  state: 'intended' | 'sending',
): Steps<readonly number[]> {
  if (attemptIds.length === 0) return [];
  const given = new Parameters(key, state);
  const list = given.list(attemptIds);
  const undone = yield* rowsOf<{ position: number; was_due_at: number }>(
    `DELETE FROM attempts WHERE campaign_key = $1 AND state = $2 AND attempt_id IN (${list})
     RETURNING position, was_due_at`,
    ...given.values,
  );
  if (undone.length === 0) return [];
  const restored = new Parameters(key);
  const rows = restored.rows(
    undone.map(({ position, was_due_at: dueAt }) => [position, dueAt]),
    ['bigint', 'bigint'],
  );
  yield* rowsOf(
    `WITH undone (position, due_at) AS (VALUES ${rows})
     UPDATE list_contacts
     SET attempts = attempts - 1, due_at = CASE WHEN excluded IS NULL THEN undone.due_at ELSE NULL END FROM undone
     WHERE list_contacts.campaign_key = $1 AND list_contacts.position = undone.position`,
    ...restored.values,
  );
  return undone.map(({ position }) => position);
}
