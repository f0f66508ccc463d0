import { unreachable } from '@ringside/core';
import { note } from '../access/audit.ts';
import type { AuditNote } from '../access/records.ts';
import { rowsOf, type Steps } from '../access/steps.ts';
import type { CampaignRef } from '../among-nodes.ts';
import { campaignKey } from '../campaign-key.ts';
import { type AttemptRow, attemptOf, attemptRows, withEvidence } from './attempts.ts';
import type { Look, StoredAttempt } from './dial-store.ts';

/** What somebody saw of an attempt in doubt. */
export interface Seen {
  readonly look: Look;
  /** Nothing more will prove it. */
  readonly needsPerson: boolean;
  readonly now: number;
}

/** How a doubt ends. */
export interface Resolution {
  readonly as: 'placed' | 'not-placed';
  readonly why: string;
  readonly now: number;
}

/** Puts down what was seen of an attempt in doubt; any other stays as it is. */
export function* noteLook(
  { workspace, campaignId }: CampaignRef,
  attemptId: string,
  { look, needsPerson, now }: Seen,
): Steps<void> {
  const key = campaignKey(workspace, campaignId);
  const row = yield* inDoubt(key, attemptId);
  if (!row) return;
  const { state, requestId, emptyLooks } = after(look, row);
  yield* rowsOf(
    `UPDATE attempts SET state = $3, request_id = $4, empty_looks = $5, looked_at = $6, needs_person = $7, evidence = $8
     WHERE campaign_key = $1 AND attempt_id = $2`,
    ...[key, attemptId, state, requestId, emptyLooks, now, needsPerson ? 1 : 0],
    withEvidence(row.evidence, look.what, now),
  );
}

/** Ends a doubt: by proof, or because somebody says so. @returns `null` where there is none */
export function* resolveDoubt(
  { workspace, campaignId }: CampaignRef,
  attemptId: string,
  { as, why, now }: Resolution,
  audit: AuditNote | null,
): Steps<StoredAttempt | null> {
  const key = campaignKey(workspace, campaignId);
  const row = yield* inDoubt(key, attemptId);
  if (!row) return null;
  const evidence = withEvidence(row.evidence, why, now);
  yield* rowsOf(
    'UPDATE attempts SET state = $3, evidence = $4, needs_person = 0 WHERE campaign_key = $1 AND attempt_id = $2',
    ...[key, attemptId, as, evidence],
  );
  if (audit) yield* note(audit);
  return attemptOf({ ...row, state: as, evidence, needs_person: 0 });
}

/** Locks the attempt before it is read: the dialer and a person may both be about to end the doubt. */
function* inDoubt(key: string, attemptId: string): Steps<AttemptRow | null> {
  const locked = yield* rowsOf(
    `UPDATE attempts SET evidence = evidence WHERE campaign_key = $1 AND attempt_id = $2 AND state = 'in-doubt'
     RETURNING attempt_id`,
    ...[key, attemptId],
  );
  return locked.length === 0 ? null : ((yield* attemptRows(key, [attemptId]))[0] ?? null);
}

function after(look: Look, row: AttemptRow) {
  const { request_id: requestId, empty_looks: emptyLooks } = row;
  switch (look.kind) {
    case 'placed':
      return { state: 'placed', requestId: look.requestId ?? requestId, emptyLooks } as const;
    case 'empty':
      return { state: 'in-doubt', requestId, emptyLooks: emptyLooks + 1 } as const;
    case 'unknown':
      return { state: 'in-doubt', requestId, emptyLooks: 0 } as const;
    default:
      return unreachable(look);
  }
}
