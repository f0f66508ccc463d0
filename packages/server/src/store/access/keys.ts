import { accessChanged, note } from './audit.ts';
import type { AuditNote, StoredKey } from './records.ts';
import { rowOf, rowsOf, type Steps } from './steps.ts';

const COLUMNS =
  'id, key_hash, workspace, name, prefix, role, scopes, created_at, created_by, expires_at, last_used_at, revoked_at';

interface KeyRow {
  readonly id: string;
  readonly key_hash: string;
  readonly workspace: string;
  readonly name: string;
  readonly prefix: string;
  readonly role: StoredKey['role'];
  readonly scopes: string | null;
  readonly created_at: number;
  readonly created_by: string;
  readonly expires_at: number | null;
  readonly last_used_at: number | null;
  readonly revoked_at: number | null;
}

/** The keys of a workspace, oldest first, revoked ones too. */
export function* keys(workspace: string): Steps<StoredKey[]> {
  const rows = yield* rowsOf<KeyRow>(
    `SELECT ${COLUMNS} FROM api_keys WHERE workspace = $1 ORDER BY created_at, id`,
    workspace,
  );
  return rows.map(keyOf);
}

export function* keyByHash(hash: string): Steps<StoredKey | null> {
  const row = yield* rowOf<KeyRow>(`SELECT ${COLUMNS} FROM api_keys WHERE key_hash = $1`, hash);
  return row && keyOf(row);
}

export function* keyById(id: string): Steps<StoredKey | null> {
  const row = yield* rowOf<KeyRow>(`SELECT ${COLUMNS} FROM api_keys WHERE id = $1`, id);
  return row && keyOf(row);
}

/** True once there has ever been a key. */
export function* hasKeys(): Steps<boolean> {
  return (yield* rowOf('SELECT id FROM api_keys LIMIT 1')) !== null;
}

/** Adds a key; one whose hash is known stays as it is. */
export function* addKey(key: StoredKey, audit: AuditNote): Steps<void> {
  if (yield* keyByHash(key.hash)) return;
  yield* rowsOf(
    `INSERT INTO api_keys (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    ...[key.id, key.hash, key.workspace, key.name, key.prefix, key.role],
    ...[key.scopes && JSON.stringify(key.scopes), key.createdAt, key.createdBy],
    ...[key.expiresAt, key.lastUsedAt, key.revokedAt],
  );
  yield* note({ ...audit, after: shown(key) });
  yield* accessChanged();
}

/**
 * Adds a key unless its workspace has a live one whose name begins alike: of several callers at once, one succeeds.
 * @returns the live key, which is the given one if it was added
 */
export function* addSoleKey(key: StoredKey, namePrefix: string, audit: AuditNote): Steps<StoredKey> {
  const others = yield* keys(key.workspace);
  const live = others.find((other) => other.name.startsWith(namePrefix) && isAlive(other, audit.at));
  if (live) return live;
  yield* addKey(key, audit);
  return key;
}

export type KeyChange = Partial<Pick<StoredKey, 'name' | 'role' | 'scopes' | 'expiresAt' | 'revokedAt'>>;
export type KeyChanged =
  | { readonly outcome: 'changed'; readonly key: StoredKey }
  | { readonly outcome: 'unknown' }
  /** The workspace would be left without anybody who may look after it. */
  | { readonly outcome: 'last-admin' };

/** Changes a live key of a workspace. A key that was revoked stays revoked. */
export function* changeKey(workspace: string, id: string, change: KeyChange, audit: AuditNote): Steps<KeyChanged> {
  const before = yield* keyById(id);
  if (!before || before.workspace !== workspace || before.revokedAt !== null) return { outcome: 'unknown' };
  const after = { ...before, ...change };
  if (isAdmin(before, audit.at) && !isAdmin(after, Number.MAX_SAFE_INTEGER)) {
    const others = (yield* keys(workspace)).filter((key) => key.id !== id && isAdmin(key, audit.at));
    if (others.length === 0) return { outcome: 'last-admin' };
  }
  yield* rowsOf(
    'UPDATE api_keys SET name = $2, role = $3, scopes = $4, expires_at = $5, revoked_at = $6 WHERE id = $1',
    ...[id, after.name, after.role, after.scopes && JSON.stringify(after.scopes), after.expiresAt, after.revokedAt],
  );
  yield* note({ ...audit, before: shown(before), after: shown(after) });
  yield* accessChanged();
  return { outcome: 'changed', key: after };
}

/** Puts another key in the place of one, which goes on for a while. */
export function* rotateKey(
  workspace: string,
  id: string,
  next: Pick<StoredKey, 'id' | 'hash' | 'prefix'>,
  oldUntil: number,
  audit: AuditNote,
): Steps<StoredKey | null> {
  const old = yield* keyById(id);
  const isLive = old !== null && old.workspace === workspace && old.revokedAt === null;
  if (!isLive) return null;
  const made: StoredKey = { ...old, ...next, createdAt: audit.at, createdBy: audit.actor, lastUsedAt: null };
  const { target: _old, ...by } = audit;
  yield* addKey(made, { ...by, target: made.id, action: 'key.created' });
  const until = Math.min(oldUntil, old.expiresAt ?? oldUntil);
  const end = oldUntil <= audit.at ? { revokedAt: audit.at } : { expiresAt: until };
  yield* changeKey(workspace, id, end, audit);
  return made;
}

/** Puts down when keys were last used. */
export function* usedKeys(uses: readonly (readonly [id: string, at: number])[]): Steps<void> {
  for (const [id, at] of uses) yield* rowsOf('UPDATE api_keys SET last_used_at = $2 WHERE id = $1', id, at);
}

/** Whether a key lets anybody in at a moment. */
export function isAlive(key: StoredKey, now: number): boolean {
  return key.revokedAt === null && (key.expiresAt === null || key.expiresAt > now);
}

function isAdmin(key: StoredKey, now: number): boolean {
  return key.role === 'admin' && key.scopes === null && isAlive(key, now);
}

/** What of a key the audit log tells. */
function shown({ hash: _hash, lastUsedAt: _used, ...key }: StoredKey): unknown {
  return key;
}

function keyOf(row: KeyRow): StoredKey {
  return {
    id: row.id,
    hash: row.key_hash,
    workspace: row.workspace,
    name: row.name,
    prefix: row.prefix,
    role: row.role,
    scopes: row.scopes === null ? null : JSON.parse(row.scopes),
    createdAt: row.created_at,
    createdBy: row.created_by,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    revokedAt: row.revoked_at,
  };
}
