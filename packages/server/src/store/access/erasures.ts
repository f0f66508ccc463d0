import { nothingFound } from '../privacy/erasure-count.ts';
import { note } from './audit.ts';
import type { AuditNote, ErasedFound, StoredErasure } from './records.ts';
import { rowOf, rowsOf, type Steps } from './steps.ts';

const COLUMNS = 'workspace, token, digits, probe, at, actor, reason, found, done_at';

interface ErasureRow {
  readonly workspace: string;
  readonly token: string;
  readonly digits: string;
  readonly probe: string;
  readonly at: number;
  readonly actor: string;
  readonly reason: string | null;
  readonly found: string;
  readonly done_at: number | null;
}

/** The erasures of all workspaces, oldest first: few, and asked with every delivery, so a store keeps them in memory. */
export function* allErasures(): Steps<StoredErasure[]> {
  return (yield* rowsOf<ErasureRow>(`SELECT ${COLUMNS} FROM erasures ORDER BY at, token`)).map(erasureOf);
}

/** The erasures of a workspace, newest first. */
export function* erasures(workspace: string): Steps<StoredErasure[]> {
  const sql = `SELECT ${COLUMNS} FROM erasures WHERE workspace = $1 ORDER BY at DESC, token`;
  return (yield* rowsOf<ErasureRow>(sql, workspace)).map(erasureOf);
}

export function* erasure(workspace: string, token: string): Steps<StoredErasure | null> {
  const sql = `SELECT ${COLUMNS} FROM erasures WHERE workspace = $1 AND token = $2`;
  const row = yield* rowOf<ErasureRow>(sql, workspace, token);
  return row && erasureOf(row);
}

export function* addErasure(added: StoredErasure, audit: AuditNote): Steps<void> {
  yield* rowsOf(
    `INSERT INTO erasures (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    ...[added.workspace, added.token, JSON.stringify(added.digits), added.probe, added.at, added.actor, added.reason],
    ...[JSON.stringify(added.found), added.doneAt],
  );
  yield* note(audit);
}

/** Adds to what was found. */
export function* foundMore(
  { workspace, token }: Pick<StoredErasure, 'workspace' | 'token'>,
  more: ErasedFound,
): Steps<void> {
  // Another node may be looking too: the row is locked before it is read.
  yield* rowsOf('UPDATE erasures SET found = found WHERE workspace = $1 AND token = $2', workspace, token);
  const known = yield* erasure(workspace, token);
  if (!known) return;
  const { found } = known;
  const sum: ErasedFound = {
    campaigns: found.campaigns + more.campaigns,
    calls: found.calls + more.calls,
    events: found.events + more.events,
    contacts: found.contacts + more.contacts,
    unassigned: found.unassigned + more.unassigned,
    doNotCall: found.doNotCall + more.doNotCall,
  };
  yield* rowsOf(
    'UPDATE erasures SET found = $3 WHERE workspace = $1 AND token = $2',
    ...[workspace, token, JSON.stringify(sum)],
  );
}

/** Puts down that everything was looked through. */
export function* endErasure(
  { workspace, token }: Pick<StoredErasure, 'workspace' | 'token'>,
  doneAt: number,
): Steps<void> {
  yield* rowsOf(
    'UPDATE erasures SET done_at = $3 WHERE workspace = $1 AND token = $2 AND done_at IS NULL',
    ...[workspace, token, doneAt],
  );
}

function erasureOf({ digits, found, done_at: doneAt, ...row }: ErasureRow): StoredErasure {
  return { ...row, digits: JSON.parse(digits), found: { ...nothingFound, ...JSON.parse(found) }, doneAt };
}
