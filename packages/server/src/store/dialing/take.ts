import { rowsOf, type Steps, type Value } from '../access/steps.ts';
import { campaignKey } from '../campaign-key.ts';
import { ATTEMPT_COLUMNS, type AttemptRow, attemptOf, attemptRows } from './attempts.ts';
import { barredAmong, IS_DUE, leaveOut } from './barred.ts';
import type { ReadyAttempt, Taken, TakeWish } from './dial-store.ts';
import type { TokenOf } from './do-not-call.ts';
import { Parameters } from './parameters.ts';
import { type Candidate, candidates } from './queue.ts';

/** What making attempts needs beside the wish. */
export interface Taking {
  /** Ids for as many attempts as are wanted. The same ones name the same attempts. */
  readonly ids: readonly string[];
  readonly now: number;
}

/**
 * Takes contacts off the list and makes their attempts, all in state `intended`. Who may not be called any more is
 * left out for good, and who has a live call for a minute.
 */
export function* take(wish: TakeWish, { ids, now }: Taking, tokenOf: TokenOf): Steps<Taken> {
  const key = campaignKey(wish.workspace, wish.campaignId);
  // A commit whose answer was lost is tried again.
  if ((yield* attemptRows(key, ids.slice(0, 1))).length > 0) {
    return { attempts: yield* madeBefore(key, ids), skipped: 0 };
  }
  const found = yield* candidates(wish, wish.openZones, { most: Math.min(wish.most, ids.length), now });
  if (found.length === 0 || wish.callerIds.length === 0) return { attempts: [], skipped: 0 };
  const barred = yield* barredAmong(wish, found, tokenOf);
  yield* leaveOut(key, barred, now);
  const wanted = found.filter(({ position }) => !barred.has(position));
  const own = yield* claim(key, wanted);
  const attempts = own.map((one, at) => attemptRowOf(wish, one, { id: ids[at] ?? '', now }));
  yield* insert(key, own, attempts);
  const ready = attempts.map((row, at) => ({ ...attemptOf(row), zone: own[at]?.zone ?? '' }));
  return { attempts: ready, skipped: barred.size };
}

function* madeBefore(key: string, ids: readonly string[]): Steps<readonly ReadyAttempt[]> {
  const rows = yield* attemptRows(key, ids);
  const given = new Parameters(key);
  const list = given.list(rows.map(({ position }) => position));
  const listed = yield* rowsOf<Pick<Candidate, 'position' | 'zone'>>(
    `SELECT position, zone FROM list_contacts WHERE campaign_key = $1 AND position IN (${list})`,
    ...given.values,
  );
  const zones = new Map(listed.map(({ position, zone }) => [position, zone]));
  return rows.map((row) => ({ ...attemptOf(row), zone: zones.get(row.position) ?? '' }));
}

/** Of some contacts those that nobody else has taken meanwhile. */
function* claim(key: string, wanted: readonly Candidate[]): Steps<readonly Candidate[]> {
  if (wanted.length === 0) return [];
  const given = new Parameters(key);
  const list = given.list(wanted.map(({ position }) => position));
  const rows = yield* rowsOf<{ position: number }>(
    `UPDATE list_contacts SET due_at = NULL, attempts = attempts + 1
     WHERE campaign_key = $1 AND position IN (${list}) AND ${IS_DUE} RETURNING position`,
    ...given.values,
  );
  const own = new Set(rows.map(({ position }) => position));
  return wanted.filter(({ position }) => own.has(position));
}

function attemptRowOf(wish: TakeWish, one: Candidate, made: { readonly id: string; readonly now: number }): AttemptRow {
  const attempt = one.attempts + 1;
  // The next attempt on a contact shows the next number.
  const callerId = wish.callerIds[(one.position + attempt) % wish.callerIds.length] ?? '';
  return {
    ...{ workspace: wish.workspace, campaign_id: wish.campaignId, attempt_id: made.id, auth_id: wish.authId },
    ...{ position: one.position, contact_key: one.contact_key, contact_id: one.contact_id, number: one.number },
    ...{ caller_id: callerId, attempt, attributes: one.attributes, state: 'intended', made_at: made.now },
    ...{ send_before: null, request_id: null, evidence: '[]', empty_looks: 0, looked_at: null, needs_person: 0 },
    settled_at: null,
  };
}

function* insert(key: string, own: readonly Candidate[], attempts: readonly AttemptRow[]): Steps<void> {
  if (attempts.length === 0) return;
  const columns = ATTEMPT_COLUMNS.split(/,\s*/) as (keyof AttemptRow)[];
  const cells = attempts.map((row, at): Value[] => [
    ...[key, own[at]?.due_at ?? 0],
    ...columns.map((column) => row[column]),
  ]);
  const given = new Parameters();
  const rows = given.rows(cells);
  yield* rowsOf(
    `INSERT INTO attempts (campaign_key, was_due_at, ${ATTEMPT_COLUMNS}) VALUES ${rows} ON CONFLICT DO NOTHING`,
    ...given.values,
  );
}
