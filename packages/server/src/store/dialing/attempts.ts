import type { AttemptState, Evidence } from '@ringside/protocol';
import { rowsOf, type Steps } from '../access/steps.ts';
import type { StoredAttempt } from './dial-store.ts';
import { Parameters } from './parameters.ts';

/** A row of `attempts`. */
export interface AttemptRow {
  readonly workspace: string;
  readonly campaign_id: string;
  readonly attempt_id: string;
  readonly auth_id: string;
  readonly position: number;
  readonly contact_key: string;
  readonly contact_id: string | null;
  readonly number: string;
  readonly caller_id: string;
  readonly attempt: number;
  readonly attributes: string | null;
  readonly state: AttemptState;
  readonly made_at: number;
  readonly send_before: number | null;
  readonly request_id: string | null;
  readonly evidence: string;
  readonly empty_looks: number;
  readonly looked_at: number | null;
  readonly needs_person: number;
  readonly settled_at: number | null;
}

/** Columns of an attempt, but for its campaign's key. */
export const ATTEMPT_COLUMNS = `workspace, campaign_id, attempt_id, auth_id, position, contact_key, contact_id, number, caller_id,
  attempt, attributes, state, made_at, send_before, request_id, evidence, empty_looks, looked_at, needs_person, settled_at`;

const MOST_EVIDENCE = 50;

export function attemptOf(row: AttemptRow): StoredAttempt {
  return {
    ...{ workspace: row.workspace, campaignId: row.campaign_id, attemptId: row.attempt_id, authId: row.auth_id },
    ...{ contactKey: row.contact_key, contactId: row.contact_id, number: row.number, callerId: row.caller_id },
    ...{ attempt: row.attempt, attributes: row.attributes === null ? null : JSON.parse(row.attributes) },
    ...{ state: row.state, madeAt: row.made_at, sendBefore: row.send_before, requestId: row.request_id },
    ...{ evidence: JSON.parse(row.evidence), emptyLooks: row.empty_looks, lookedAt: row.looked_at },
    ...{ needsPerson: row.needs_person === 1, settledAt: row.settled_at },
  };
}

/** What was seen so far and one thing more. The first tells why there is a doubt at all, so that stays in any case. */
export function withEvidence(text: string, what: string, at: number): string {
  const known = JSON.parse(text) as Evidence[];
  const kept = known.length < MOST_EVIDENCE ? known : [...known.slice(0, 1), ...known.slice(2)];
  return JSON.stringify([...kept, { at: new Date(at).toISOString(), what }]);
}

/** In the order asked for, without those that are not there. */
export function* attemptRows(key: string, attemptIds: readonly string[]): Steps<readonly AttemptRow[]> {
  if (attemptIds.length === 0) return [];
  const given = new Parameters(key);
  const list = given.list(attemptIds);
  const rows = yield* rowsOf<AttemptRow>(
    `SELECT ${ATTEMPT_COLUMNS} FROM attempts WHERE campaign_key = $1 AND attempt_id IN (${list})`,
    ...given.values,
  );
  const byId = new Map(rows.map((row) => [row.attempt_id, row]));
  return attemptIds.flatMap((id) => byId.get(id) ?? []);
}

/** Attempts of an account that are not settled, of all campaigns, oldest first. */
export function* openAttempts(authId: string): Steps<readonly StoredAttempt[]> {
  const rows = yield* rowsOf<AttemptRow>(
    `SELECT ${ATTEMPT_COLUMNS} FROM attempts WHERE auth_id = $1 AND settled_at IS NULL ORDER BY made_at, attempt_id`,
    authId,
  );
  return rows.map(attemptOf);
}

/** Attempts in doubt, oldest first. */
export function* doubtful(
  workspace: string,
  campaignId: string | null,
  limit: number,
): Steps<readonly StoredAttempt[]> {
  const rows = yield* rowsOf<AttemptRow>(
    `SELECT ${ATTEMPT_COLUMNS} FROM attempts
     WHERE workspace = $1 AND ($2 = '' OR campaign_id = $2) AND state = 'in-doubt'
     ORDER BY made_at, attempt_id LIMIT $3`,
    ...[workspace, campaignId ?? '', limit],
  );
  return rows.map(attemptOf);
}
