import { type Attempt, contactState } from '@ringside/core';
import { rowsOf, type Steps } from '../access/steps.ts';
import type { CampaignRef } from '../among-nodes.ts';
import { campaignKey } from '../campaign-key.ts';
import { suppressedAmong, type TokenOf } from './do-not-call.ts';
import { countExcluded } from './list.ts';
import { Parameters } from './parameters.ts';

/** Somebody else is talking to the contact: it is looked at again after this. */
const LIVE_WAIT_MS = 60_000;

/** Not as the index of the queue has it, else PostgreSQL may take that whole index for the way to a few positions. */
export const IS_DUE = 'coalesce(due_at, -1) >= 0';

/** A contact that is about to be called. */
export interface Listed {
  readonly position: number;
  readonly contact_key: string;
  readonly number: string;
}

/** Why contacts are not called, by their places on the list. */
export type Barred = ReadonlyMap<number, 'do-not-call' | 'reached' | 'in-flight'>;

/** Of some contacts those that must not be called now: nobody may, they were reached since, or have a live call. */
export function* barredAmong(
  { workspace, campaignId }: CampaignRef,
  found: readonly Listed[],
  tokenOf: TokenOf,
): Steps<Barred> {
  if (found.length === 0) return new Map();
  const states = yield* statesOf(campaignKey(workspace, campaignId), found);
  const numbers = found.map(({ number }) => number);
  const suppressed = yield* suppressedAmong(workspace, numbers, tokenOf);
  const barred = found.flatMap(({ position, contact_key: contact, number }) => {
    const why = suppressed.has(number) ? ('do-not-call' as const) : states.get(contact);
    return why === undefined ? [] : [[position, why] as const];
  });
  return new Map(barred);
}

/** Leaves them out: for good, or for a minute who has a live call. */
export function* leaveOut(key: string, barred: Barred, now: number): Steps<void> {
  const all = [...barred];
  yield* exclude(
    key,
    all.filter(([, why]) => why === 'do-not-call').map(([position]) => position),
  );
  const others = all.filter(([, why]) => why !== 'do-not-call');
  yield* reschedule(
    key,
    others.map(([position, why]) => [position, why === 'reached' ? null : now + LIVE_WAIT_MS]),
  );
}

/** Contacts that were reached or have a live call, whoever placed it. */
function* statesOf(key: string, found: readonly Listed[]): Steps<ReadonlyMap<string, 'reached' | 'in-flight'>> {
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

function* exclude(key: string, barred: readonly number[]): Steps<void> {
  if (barred.length === 0) return;
  const given = new Parameters(key);
  const list = given.list(barred);
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
