import { callFromText, isToldByProvider, providerIdOf } from '@ringside/core';
import type { Outcome } from '@ringside/protocol';
import { rowsOf, type Steps } from '../access/steps.ts';
import type { CampaignRef } from '../among-nodes.ts';
import { campaignKey } from '../campaign-key.ts';
import { type AttemptRow, attemptOf, attemptRows } from './attempts.ts';
import type { EndedAttempt, HeardOf } from './dial-store.ts';
import { Parameters } from './parameters.ts';

/** What an attempt came to. */
export interface Settled {
  readonly attemptId: string;
  readonly outcome: Outcome;
  /** When the contact is called again, `null`: never. */
  readonly dueAt: number | null;
  /** It takes nothing from the contact's budget of attempts. */
  readonly isFree?: boolean;
}

interface StoredCall {
  readonly call_row: string;
  readonly ended_at: number | null;
  readonly outcome: Outcome | null;
  readonly record: string;
}

interface OnList {
  readonly position: number;
  readonly outcomes: string;
  readonly extra: number;
}

/** The calls of attempts, by attempt: a call may have been joined with another, and its row go by another of its names. */
export function* callsOfAttempts(key: string, attemptIds: readonly string[]): Steps<ReadonlyMap<string, StoredCall>> {
  if (attemptIds.length === 0) return new Map();
  const given = new Parameters(key);
  const ids = given.list(attemptIds);
  const aliases = yield* rowsOf<{ alias: string; call_row: string }>(
    `SELECT alias, call_row FROM aliases WHERE campaign_key = $1 AND alias IN (${ids})`,
    ...given.values,
  );
  const names = new Map(aliases.map(({ alias, call_row: row }) => [alias, row]));
  const wanted = new Parameters(key);
  const list = wanted.list(attemptIds.map((id) => names.get(id) ?? id));
  const rows = yield* rowsOf<StoredCall>(
    `SELECT call_row, ended_at, outcome, record FROM calls WHERE campaign_key = $1 AND call_row IN (${list})`,
    ...wanted.values,
  );
  const byRow = new Map(rows.map((row) => [row.call_row, row]));
  return new Map(
    attemptIds.flatMap((id) => {
      const call = byRow.get(names.get(id) ?? id);
      return call ? [[id, call] as const] : [];
    }),
  );
}

/** Of these attempts, those whose calls have ended, and those of which the provider itself told. */
export function* endedAttempts(
  { workspace, campaignId }: CampaignRef,
  attemptIds: readonly string[],
): Steps<{ readonly ended: readonly EndedAttempt[]; readonly heardOf: readonly HeardOf[] }> {
  const key = campaignKey(workspace, campaignId);
  const attempts = yield* attemptRows(key, attemptIds);
  const calls = yield* callsOfAttempts(
    key,
    attempts.map(({ attempt_id: id }) => id),
  );
  const listed = yield* onList(key, attempts);
  const ended = attempts.flatMap((row): EndedAttempt[] => {
    const call = calls.get(row.attempt_id);
    if (call?.ended_at == null || call.outcome === null) return [];
    const { outcomes = '[]', extra = 0 } = listed.get(row.position) ?? {};
    const end = callFromText(call.record).ended?.value;
    const said = { outcome: call.outcome, endedAt: call.ended_at, callRow: call.call_row };
    const why = { hangupCode: end?.code ?? null, cause: end?.cause ?? null };
    return [{ ...attemptOf(row), ...said, ...why, earlier: JSON.parse(outcomes), extra }];
  });
  const heardOf = [...calls].flatMap(([attemptId, { record }]): HeardOf[] => {
    const call = callFromText(record);
    return isToldByProvider(call) ? [{ attemptId, requestId: providerIdOf(call) }] : [];
  });
  return { ended, heardOf };
}

/** Writes what attempts came to. One that is settled already, or of which nobody knows what became, stays as it is. */
export function* settle({ workspace, campaignId }: CampaignRef, settled: readonly Settled[], now: number): Steps<void> {
  if (settled.length === 0) return;
  const key = campaignKey(workspace, campaignId);
  const given = new Parameters(key, now);
  const list = given.list(settled.map(({ attemptId }) => attemptId));
  const rows = yield* rowsOf<Pick<AttemptRow, 'attempt_id' | 'position'>>(
    `UPDATE attempts SET settled_at = $2
     WHERE campaign_key = $1 AND attempt_id IN (${list}) AND settled_at IS NULL
       AND state IN ('accepted', 'refused', 'placed', 'not-placed')
     RETURNING attempt_id, position`,
    ...given.values,
  );
  const listed = yield* onList(key, rows);
  const byId = new Map(settled.map((one) => [one.attemptId, one]));
  const cells = rows.flatMap(({ attempt_id: id, position }) => {
    const contact = listed.get(position);
    const one = byId.get(id);
    if (!contact || !one) return [];
    const before = JSON.parse(contact.outcomes) as Outcome[];
    const outcomes = JSON.stringify(one.isFree ? before : [...before, one.outcome]);
    return [[position, outcomes, one.outcome, id, one.dueAt]];
  });
  if (cells.length === 0) return;
  const written = new Parameters(key);
  const ends = written.rows(cells, ['bigint', 'text', 'text', 'text', 'bigint']);
  yield* rowsOf(
    `WITH ends (position, outcomes, outcome, attempt, due_at) AS (VALUES ${ends})
     UPDATE list_contacts
     SET outcomes = ends.outcomes, last_outcome = ends.outcome, last_attempt = ends.attempt, ended = ended + 1,
         due_at = CASE WHEN excluded IS NULL THEN ends.due_at ELSE NULL END
     FROM ends
     WHERE list_contacts.campaign_key = $1 AND list_contacts.position = ends.position`,
    ...written.values,
  );
}

function* onList(key: string, rows: readonly Pick<AttemptRow, 'position'>[]): Steps<ReadonlyMap<number, OnList>> {
  if (rows.length === 0) return new Map();
  const given = new Parameters(key);
  const list = given.list(rows.map(({ position }) => position));
  const found = yield* rowsOf<OnList>(
    `SELECT position, outcomes, extra FROM list_contacts WHERE campaign_key = $1 AND position IN (${list})`,
    ...given.values,
  );
  return new Map(found.map((row) => [row.position, row]));
}

/** Of some ids of a provider those that are known to be other attempts' calls. */
export function* idsOfOthers(
  { workspace, campaignId }: CampaignRef,
  attemptId: string,
  ids: readonly string[],
): Steps<readonly string[]> {
  if (ids.length === 0) return [];
  const key = campaignKey(workspace, campaignId);
  const given = new Parameters(key);
  const list = given.list(ids);
  const rows = yield* rowsOf<{ alias: string; call_row: string }>(
    `SELECT alias, call_row FROM aliases WHERE campaign_key = $1 AND alias IN (${list})`,
    ...given.values,
  );
  return rows.flatMap(({ alias, call_row: row }) => (row === attemptId ? [] : [alias]));
}
