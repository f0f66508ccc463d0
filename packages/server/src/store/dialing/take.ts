import { type Attempt, contactState } from '@ringside/core';
import { rowsOf, type Steps, type Value } from '../access/steps.ts';
import { campaignKey } from '../campaign-key.ts';
import { ATTEMPT_COLUMNS, type AttemptRow, attemptOf, attemptRows } from './attempts.ts';
import type { Taken, TakeWish } from './dial-store.ts';
import { suppressedAmong, type TokenOf } from './do-not-call.ts';
import { countExcluded } from './list.ts';
import { Parameters } from './parameters.ts';
import { type Candidate, candidates } from './queue.ts';

/** Somebody else is talking to the contact: it is looked at again after this. */
const LIVE_WAIT_MS = 60_000;

/** Not as the index of the queue has it, else PostgreSQL may take that whole index for the way to a few positions. */
const IS_DUE = 'coalesce(due_at, -1) >= 0';

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
    return { attempts: (yield* attemptRows(key, ids)).map(attemptOf), skipped: 0 };
  }
  const found = yield* candidates(wish, wish.openZones, { most: Math.min(wish.most, ids.length), now });
  if (found.length === 0 || wish.callerIds.length === 0) return { attempts: [], skipped: 0 };
  const states = yield* statesOf(key, found);
  const numbers = found.map(({ number }) => number);
  const suppressed = yield* suppressedAmong(wish.workspace, numbers, tokenOf);
  const isLeftOut = ({ number, contact_key: contact }: Candidate) => suppressed.has(number) || states.has(contact);
  const leftOut = found.filter(isLeftOut);
  const barred = leftOut.filter(({ number }) => suppressed.has(number));
  const others = leftOut.filter(({ number }) => !suppressed.has(number));
  yield* exclude(key, barred);
  yield* reschedule(
    key,
    others.map((one) => [one.position, states.get(one.contact_key) === 'reached' ? null : now + LIVE_WAIT_MS]),
  );
  const wanted = found.filter((one) => !isLeftOut(one));
  const own = yield* claim(key, wanted);
  const attempts = own.map((one, at) => attemptRowOf(wish, one, { id: ids[at] ?? '', now }));
  yield* insert(key, own, attempts);
  return { attempts: attempts.map(attemptOf), skipped: leftOut.length };
}

/** Contacts that were reached or have a live call, whoever placed it. */
function* statesOf(key: string, found: readonly Candidate[]): Steps<ReadonlyMap<string, 'reached' | 'in-flight'>> {
  const given = new Parameters(key);
  const list = given.list(found.map(({ contact_key: contact }) => contact));
  const rows = yield* rowsOf<{ contact_key: string; attempts: string }>(
    `SELECT contact_key, attempts FROM contacts WHERE campaign_key = $1 AND contact_key IN (${list})`,
    ...given.values,
  );
  const states = rows.flatMap(({ contact_key: contact, attempts }) => {
    const state = contactState({ key: contact, attempts: JSON.parse(attempts) as Attempt[] });
    return state === 'reached' || state === 'in-flight' ? [[contact, state] as const] : [];
  });
  return new Map(states);
}

function* exclude(key: string, barred: readonly Candidate[]): Steps<void> {
  if (barred.length === 0) return;
  const given = new Parameters(key);
  const list = given.list(barred.map(({ position }) => position));
  const done = yield* rowsOf<{ attempts: number }>(
    `UPDATE list_contacts SET due_at = NULL, excluded = 'dnd'
     WHERE campaign_key = $1 AND position IN (${list}) AND ${IS_DUE} RETURNING attempts`,
    ...given.values,
  );
  yield* countExcluded(key, 'dnd', done.filter(({ attempts }) => attempts === 0).length);
}

function* reschedule(key: string, others: readonly (readonly [number, number | null])[]): Steps<void> {
  if (others.length === 0) return;
  const given = new Parameters(key);
  const rows = given.rows(others, ['bigint', 'bigint']);
  yield* rowsOf(
    `WITH later (position, due_at) AS (VALUES ${rows})
     UPDATE list_contacts SET due_at = later.due_at FROM later
     WHERE list_contacts.campaign_key = $1 AND list_contacts.position = later.position
       AND list_contacts.due_at IS NOT NULL`,
    ...given.values,
  );
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
