import { DatabaseSync } from '@photostructure/sqlite';
import { hashOf, newKey, prefixOf } from '../access/secrets.ts';
import type { StoredKey } from '../store/access/records.ts';
import { AccessTables } from '../store/sqlite/access-tables.ts';
import { databasePath } from '../store/sqlite/database.ts';

/** Adds a key to the store of a running server. @returns the headers that use it */
export function keyHeaders(dataDir: string, key: Partial<StoredKey> = {}): { authorization: string } {
  const secret = newKey();
  const db = new DatabaseSync(databasePath(dataDir));
  db.exec('PRAGMA busy_timeout = 5000');
  const id = `test-${hashOf(secret).slice(0, 8)}`;
  const whole: StoredKey = {
    ...{ id, hash: hashOf(secret), prefix: prefixOf(secret), workspace: 'default', name: 'Test', role: 'viewer' },
    ...{ scopes: null, createdAt: Date.now(), createdBy: 'test' },
    ...{ expiresAt: null, lastUsedAt: null, revokedAt: null },
    ...key,
  };
  const audit = { at: Date.now(), workspace: whole.workspace, actor: 'test', address: null };
  new AccessTables(db).run('addKey', [whole, { ...audit, action: 'key.created', target: id }]);
  db.close();
  return { authorization: `Bearer ${secret}` };
}
