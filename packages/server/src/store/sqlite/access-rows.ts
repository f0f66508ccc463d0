import type { StoredKey } from '../store.ts';
import type { Database } from './database.ts';

interface KeyRow {
  readonly id: string;
  readonly workspace: string;
  readonly role: StoredKey['role'];
  readonly ingest_only: number;
  readonly expires_at: number | null;
}

/** API keys and sessions, by hash. */
export class AccessRows {
  readonly #sql;

  constructor(db: Database) {
    const key = 'id, workspace, role, ingest_only, api_keys.expires_at';
    this.#sql = {
      findKey: db.prepare(`SELECT ${key} FROM api_keys WHERE key_hash = ?`),
      addKey: db.prepare(
        `INSERT INTO api_keys (key_hash, id, workspace, role, ingest_only, created_at, expires_at)
         VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key_hash) DO NOTHING`,
      ),
      anyKey: db.prepare('SELECT 1 FROM api_keys LIMIT 1'),
      addSession: db.prepare('INSERT INTO sessions (session_hash, key_id, expires_at) VALUES (?, ?, ?)'),
      findSession: db.prepare(
        `SELECT ${key} FROM sessions JOIN api_keys ON api_keys.id = sessions.key_id
         WHERE session_hash = ? AND sessions.expires_at > ?`,
      ),
      removeSession: db.prepare('DELETE FROM sessions WHERE session_hash = ?'),
    };
  }

  findKey(hash: string): StoredKey | null {
    return keyOf(this.#sql.findKey.get(hash) as KeyRow | undefined);
  }

  addKey(hash: string, key: StoredKey, now: number): void {
    this.#sql.addKey.run(hash, key.id, key.workspace, key.role, key.ingestOnly ? 1 : 0, now, key.expiresAt);
  }

  hasKeys(): boolean {
    return this.#sql.anyKey.get() !== undefined;
  }

  addSession(hash: string, keyId: string, expiresAt: number): void {
    this.#sql.addSession.run(hash, keyId, expiresAt);
  }

  findSession(hash: string, now: number): StoredKey | null {
    return keyOf(this.#sql.findSession.get(hash, now) as KeyRow | undefined);
  }

  removeSession(hash: string): void {
    this.#sql.removeSession.run(hash);
  }
}

function keyOf(row: KeyRow | undefined): StoredKey | null {
  if (!row) return null;
  return {
    id: row.id,
    workspace: row.workspace,
    role: row.role,
    ingestOnly: row.ingest_only === 1,
    expiresAt: row.expires_at,
  };
}
