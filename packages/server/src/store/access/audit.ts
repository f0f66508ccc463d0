import { maskDeep } from '../mask-campaign.ts';
import type { AuditNote, StoredAudit } from './records.ts';
import { rowsOf, type Steps } from './steps.ts';

/** Which entries of the log, newest first. */
export interface AuditChoice {
  readonly limit: number;
  /** Only older ones than this entry. */
  readonly before: number | null;
  /** An action, or what stands before its dot. */
  readonly action: string | null;
  readonly target: string | null;
}

interface AuditRow {
  readonly id: number;
  readonly at: number;
  readonly workspace: string;
  readonly actor: string;
  readonly address: string | null;
  readonly action: string;
  readonly target: string | null;
  readonly before_value: string | null;
  readonly after_value: string | null;
}

/**
 * Appends to the log. It is part of the same transaction as the change that it tells of. Nothing of the log can be
 * taken out later, so no phone number gets into it.
 */
export function* note(entry: AuditNote): Steps<void> {
  const { at, workspace, actor, address, action, target, before, after } = entry;
  yield* rowsOf(
    `INSERT INTO audit (at, workspace, actor, address, action, target, before_value, after_value)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    ...[at, workspace, actor, address, action, target, textOf(maskDeep(before)), textOf(maskDeep(after))],
  );
}

/** The entries of one workspace, newest first. */
export function* auditEntries(workspace: string, choice: AuditChoice): Steps<StoredAudit[]> {
  const rows = yield* rowsOf<AuditRow>(
    `SELECT id, at, workspace, actor, address, action, target, before_value, after_value FROM audit
     WHERE workspace = $1 AND id < $2
       AND ($3 = '' OR action = $3 OR substr(action, 1, length($3) + 1) = $3 || '.')
       AND ($4 = '' OR target = $4)
     ORDER BY id DESC LIMIT $5`,
    ...[workspace, choice.before ?? Number.MAX_SAFE_INTEGER, choice.action ?? '', choice.target ?? '', choice.limit],
  );
  return rows.map(({ before_value: before, after_value: after, ...row }) => ({
    ...row,
    before: before === null ? null : JSON.parse(before),
    after: after === null ? null : JSON.parse(after),
  }));
}

/** Lets every node notice that somebody's access has changed. */
export function* accessChanged(): Steps<void> {
  yield* rowsOf('UPDATE access_version SET version = version + 1');
}

/** Counts up with every change of keys, links, sessions, accounts and workspaces. */
export function* accessVersion(): Steps<number> {
  const [row] = yield* rowsOf<{ version: number }>('SELECT version FROM access_version');
  return row?.version ?? 0;
}

function textOf(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}
