import { type Eraser, withoutErased } from '@ringside/core';
import type { Evidence } from '@ringside/protocol';
import { rowsOf, type Steps, type Value } from '../access/steps.ts';
import type { Page } from './contacts.ts';
import { countExcluded } from './list.ts';
import { Parameters } from './parameters.ts';
import { undo } from './sending.ts';
import { contactKeyOfRow } from './upload.ts';

/** A contact of a list, as far as it names a number. */
interface Named {
  readonly position: number;
  readonly number: string;
  readonly contact_id: string | null;
  readonly attempts: number;
  readonly excluded: string | null;
}

/** What is left of a contact. */
interface Erased {
  readonly position: number;
  readonly number: string;
  readonly contactId: string | null;
  readonly contactKey: string;
  /** It is the contact of an erased number, not only one whose id names it. */
  readonly isGone: boolean;
}

interface NamedAttempt {
  readonly attempt_id: string;
  readonly position: number;
  readonly state: string;
  readonly evidence: string;
}

/** Places of contacts that name an erased number, of one page of a list. @returns `last` is `null` after its end */
export function* erasedOnList(
  key: string,
  eraser: Eraser,
  { after, limit }: Page<number>,
): Steps<{ readonly found: readonly number[]; readonly last: number | null }> {
  const rows = yield* rowsOf<Pick<Named, 'position' | 'number' | 'contact_id'>>(
    `SELECT position, number, contact_id FROM list_contacts
     WHERE campaign_key = $1 AND position > $2 ORDER BY position LIMIT $3`,
    ...[key, after, limit],
  );
  const found = rows.filter((row) => isNamed(row, eraser)).map(({ position }) => position);
  return { found, last: rows.at(-1)?.position ?? null };
}

/** Place of a number on a list. */
export function* placeOnList(key: string, number: string): Steps<readonly number[]> {
  const sql = 'SELECT position FROM list_contacts WHERE campaign_key = $1 AND number = $2';
  return (yield* rowsOf<{ position: number }>(sql, key, number)).map(({ position }) => position);
}

/**
 * Erases contacts from a list and from its attempts: tokens stand for their numbers, and they are not called any more.
 * @returns their keys, as they are now
 */
export function* eraseContacts(key: string, positions: readonly number[], eraser: Eraser): Steps<readonly string[]> {
  if (positions.length === 0) return [];
  const rows = (yield* contactsAt(key, positions)).filter((row) => isNamed(row, eraser));
  if (rows.length === 0) return [];
  const erased = rows.map((row) => erasedOf(row, eraser));
  // First of all nobody may take them, so that the attempts below are all there will be.
  yield* rewriteContacts(key, erased);
  const undone = new Set(yield* eraseAttempts(key, erased, eraser));
  const untouched = rows.filter(
    ({ position, number, attempts, excluded }) =>
      eraser.tokenOf(number) !== null && excluded === null && attempts === (undone.has(position) ? 1 : 0),
  );
  yield* countExcluded(key, 'erased', untouched.length);
  return erased.map(({ contactKey }) => contactKey);
}

function isNamed({ number, contact_id: id }: Pick<Named, 'number' | 'contact_id'>, eraser: Eraser): boolean {
  return eraser.tokenOf(number) !== null || (id !== null && withoutErased(id, eraser) !== id);
}

function erasedOf({ position, number, contact_id: id }: Named, eraser: Eraser): Erased {
  const token = eraser.tokenOf(number);
  const contactId = id === null ? null : withoutErased(id, eraser);
  const rest = { number: token ?? number, contactId };
  return { position, ...rest, contactKey: contactKeyOfRow(rest), isGone: token !== null };
}

function* contactsAt(key: string, positions: readonly number[]): Steps<readonly Named[]> {
  const given = new Parameters(key);
  const list = given.list(positions);
  return yield* rowsOf<Named>(
    `SELECT position, number, contact_id, attempts, excluded FROM list_contacts
     WHERE campaign_key = $1 AND position IN (${list})`,
    ...given.values,
  );
}

function* rewriteContacts(key: string, erased: readonly Erased[]): Steps<void> {
  const given = new Parameters(key);
  const rows = given.rows(
    erased.map((one) => [one.position, one.contactKey, one.number, one.contactId, one.isGone ? 1 : 0]),
    ['bigint', 'text', 'text', 'text', 'bigint'],
  );
  yield* rowsOf(
    `WITH erased (position, contact_key, number, contact_id, is_gone) AS (VALUES ${rows})
     UPDATE list_contacts
     SET contact_key = erased.contact_key, number = erased.number, contact_id = erased.contact_id, attributes = NULL,
         due_at = CASE WHEN erased.is_gone = 1 THEN NULL ELSE list_contacts.due_at END,
         excluded = CASE WHEN erased.is_gone = 1 THEN coalesce(list_contacts.excluded, 'erased')
                         ELSE list_contacts.excluded END
     FROM erased
     WHERE list_contacts.campaign_key = $1 AND list_contacts.position = erased.position`,
    ...given.values,
  );
}

/** What is not being sent yet is not sent at all. @returns places of the contacts of these */
function* eraseAttempts(key: string, erased: readonly Erased[], eraser: Eraser): Steps<readonly number[]> {
  const byPosition = new Map(erased.map((one) => [one.position, one]));
  const given = new Parameters(key);
  const list = given.list([...byPosition.keys()]);
  const attempts = yield* rowsOf<NamedAttempt>(
    `SELECT attempt_id, position, state, evidence FROM attempts WHERE campaign_key = $1 AND position IN (${list})`,
    ...given.values,
  );
  const intended = attempts.filter(
    ({ state, position }) => state === 'intended' && byPosition.get(position)?.isGone === true,
  );
  const cells = attempts.flatMap(({ attempt_id: id, position, evidence }): Value[][] => {
    const one = byPosition.get(position);
    return one ? [[id, one.contactKey, one.number, one.contactId, withoutNumber(evidence, eraser)]] : [];
  });
  if (cells.length === 0) return [];
  const written = new Parameters(key);
  const rows = written.rows(cells, ['text', 'text', 'text', 'text', 'text']);
  yield* rowsOf(
    `WITH erased (attempt_id, contact_key, number, contact_id, evidence) AS (VALUES ${rows})
     UPDATE attempts
     SET contact_key = erased.contact_key, number = erased.number, contact_id = erased.contact_id,
         evidence = erased.evidence, attributes = NULL
     FROM erased
     WHERE attempts.campaign_key = $1 AND attempts.attempt_id = erased.attempt_id`,
    ...written.values,
  );
  return yield* undo(
    key,
    intended.map(({ attempt_id: id }) => id),
    'intended',
  );
}

function withoutNumber(evidence: string, eraser: Eraser): string {
  const seen = JSON.parse(evidence) as Evidence[];
  return JSON.stringify(seen.map(({ at, what }) => ({ at, what: withoutErased(what, eraser) })));
}

/**
 * Puts tokens in the place of erased numbers that nobody may call, so that they go on protecting; one page.
 * @returns how many there were, and the last number of the page, `null` after the end
 */
export function* eraseSuppressed(
  workspace: string,
  eraser: Eraser,
  { after, limit }: Page<string>,
): Steps<{ readonly found: number; readonly last: string | null }> {
  const rows = yield* rowsOf<{ number: string; reason: string | null }>(
    'SELECT number, reason FROM do_not_call WHERE workspace = $1 AND number > $2 ORDER BY number LIMIT $3',
    ...[workspace, after, limit],
  );
  let found = 0;
  for (const { number, reason } of rows) {
    const token = eraser.tokenOf(number);
    const rest = reason && withoutErased(reason, eraser);
    if (token !== null || rest !== reason) found += 1;
    if (token !== null) yield* replaceSuppressed(workspace, number, token);
    if (rest !== reason) {
      const sql = 'UPDATE do_not_call SET reason = $3 WHERE workspace = $1 AND number = $2';
      yield* rowsOf(sql, workspace, token ?? number, rest);
    }
  }
  return { found, last: rows.at(-1)?.number ?? null };
}

function* replaceSuppressed(workspace: string, number: string, token: string): Steps<void> {
  yield* rowsOf(
    `INSERT INTO do_not_call (workspace, number, reason, added_at, added_by)
     SELECT workspace, CAST($3 AS text), reason, added_at, added_by FROM do_not_call
     WHERE workspace = $1 AND number = $2
     ON CONFLICT (workspace, number) DO NOTHING`,
    ...[workspace, number, token],
  );
  yield* rowsOf('DELETE FROM do_not_call WHERE workspace = $1 AND number = $2', workspace, number);
}
