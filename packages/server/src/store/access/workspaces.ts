import { accessChanged, note } from './audit.ts';
import type { AuditNote, StoredWorkspace } from './records.ts';
import { rowOf, rowsOf, type Steps } from './steps.ts';

const COLUMNS = 'id, name, time_zone, limits, created_at, closed_at';

interface WorkspaceRow {
  readonly id: string;
  readonly name: string;
  readonly time_zone: string;
  readonly limits: string;
  readonly created_at: number;
  readonly closed_at: number | null;
}

export function* workspaces(): Steps<StoredWorkspace[]> {
  const rows = yield* rowsOf<WorkspaceRow>(`SELECT ${COLUMNS} FROM workspaces ORDER BY created_at, id`);
  return rows.map(workspaceOf);
}

export function* workspace(id: string): Steps<StoredWorkspace | null> {
  const row = yield* rowOf<WorkspaceRow>(`SELECT ${COLUMNS} FROM workspaces WHERE id = $1`, id);
  return row && workspaceOf(row);
}

/** @returns false when the id is taken */
export function* addWorkspace(added: StoredWorkspace, audit: AuditNote): Steps<boolean> {
  if (yield* workspace(added.id)) return false;
  yield* rowsOf(
    `INSERT INTO workspaces (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6)`,
    ...[added.id, added.name, added.timeZone, JSON.stringify(added.limits), added.createdAt, added.closedAt],
  );
  yield* note({ ...audit, after: added });
  yield* accessChanged();
  return true;
}

/** @returns the workspace as it is now, `null` for an unknown one */
export function* changeWorkspace(
  id: string,
  change: Partial<Pick<StoredWorkspace, 'name' | 'timeZone' | 'limits' | 'closedAt'>>,
  audit: AuditNote,
): Steps<StoredWorkspace | null> {
  const before = yield* workspace(id);
  if (!before) return null;
  const after = { ...before, ...change };
  yield* rowsOf(
    'UPDATE workspaces SET name = $2, time_zone = $3, limits = $4, closed_at = $5 WHERE id = $1',
    ...[id, after.name, after.timeZone, JSON.stringify(after.limits), after.closedAt],
  );
  yield* note({ ...audit, before, after });
  yield* accessChanged();
  return after;
}

function workspaceOf(row: WorkspaceRow): StoredWorkspace {
  return {
    id: row.id,
    name: row.name,
    timeZone: row.time_zone,
    limits: JSON.parse(row.limits),
    createdAt: row.created_at,
    closedAt: row.closed_at,
  };
}
