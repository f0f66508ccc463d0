import { note } from '../access/audit.ts';
import type { AuditNote } from '../access/records.ts';
import { rowOf, rowsOf, type Steps } from '../access/steps.ts';
import type { Suppressed } from './dial-store.ts';
import { Parameters } from './parameters.ts';

/** What would stand for a number if it were erased. */
export type TokenOf = (workspace: string, number: string) => string;

export interface SuppressedBy {
  readonly reason: string | null;
  readonly actor: string;
  readonly at: number;
}

/** Of some numbers, those that nobody of the workspace may call: they are on its list, or were erased. */
export function* suppressedAmong(
  workspace: string,
  numbers: readonly string[],
  tokenOf: TokenOf,
): Steps<ReadonlySet<string>> {
  if (numbers.length === 0) return new Set();
  const given = new Parameters(workspace);
  const list = given.list(numbers);
  const rows = yield* rowsOf<{ number: string }>(
    `SELECT number FROM do_not_call WHERE workspace = $1 AND number IN (${list})`,
    ...given.values,
  );
  const erased = yield* erasedAmong(workspace, numbers, tokenOf);
  return new Set([...rows.map(({ number }) => number), ...erased.keys()]);
}

/** Of some numbers those that were erased, with their tokens. */
export function* erasedAmong(
  workspace: string,
  numbers: readonly string[],
  tokenOf: TokenOf,
): Steps<ReadonlyMap<string, string>> {
  const any = yield* rowOf('SELECT token FROM erasures WHERE workspace = $1 LIMIT 1', workspace);
  if (!any || numbers.length === 0) return new Map();
  const tokens = new Map(numbers.map((number) => [tokenOf(workspace, number), number]));
  const given = new Parameters(workspace);
  const list = given.list([...tokens.keys()]);
  const rows = yield* rowsOf<{ token: string }>(
    `SELECT token FROM erasures WHERE workspace = $1 AND token IN (${list})`,
    ...given.values,
  );
  return new Map(rows.map(({ token }) => [tokens.get(token) ?? '', token]));
}

/** @returns how many were not on the list before */
export function* suppress(
  workspace: string,
  numbers: readonly string[],
  by: SuppressedBy,
  audit: AuditNote,
  tokenOf: TokenOf,
): Steps<number> {
  yield* note(audit);
  if (numbers.length === 0) return 0;
  const erased = yield* erasedAmong(workspace, numbers, tokenOf);
  const given = new Parameters();
  const rows = given.rows(
    numbers.map((number) => [workspace, erased.get(number) ?? number, by.reason, by.at, by.actor]),
  );
  const added = yield* rowsOf(
    `INSERT INTO do_not_call (workspace, number, reason, added_at, added_by) VALUES ${rows}
     ON CONFLICT DO NOTHING RETURNING workspace`,
    ...given.values,
  );
  return added.length;
}

/** @returns false for a number that was not on the list. One that was erased is not called all the same. */
export function* unsuppress(workspace: string, number: string, audit: AuditNote, tokenOf: TokenOf): Steps<boolean> {
  const gone = yield* rowsOf(
    'DELETE FROM do_not_call WHERE workspace = $1 AND number IN ($2, $3) RETURNING workspace',
    ...[workspace, number, tokenOf(workspace, number)],
  );
  if (gone.length > 0) yield* note(audit);
  return gone.length > 0;
}

/** Numbers in their order. @param after the last of the page before */
export function* suppressed(workspace: string, after: string, limit: number): Steps<readonly Suppressed[]> {
  return yield* rowsOf<Suppressed>(
    `SELECT number, reason, added_at AS "addedAt", added_by AS "addedBy" FROM do_not_call
     WHERE workspace = $1 AND number > $2 ORDER BY number LIMIT $3`,
    ...[workspace, after, limit],
  );
}
