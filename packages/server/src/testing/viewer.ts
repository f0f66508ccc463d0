import { DatabaseSync } from '@photostructure/sqlite';
import { hashOf, newKey } from '../access/authenticator.ts';
import { AccessRows } from '../store/sqlite/access-rows.ts';
import { databasePath } from '../store/sqlite/database.ts';
import type { StoredKey } from '../store/store.ts';

/** Adds a key to the store of a running server. @returns the headers that use it */
export function keyHeaders(dataDir: string, key: Partial<StoredKey> = {}): { authorization: string } {
  const secret = newKey();
  const db = new DatabaseSync(databasePath(dataDir));
  db.exec('PRAGMA busy_timeout = 5000');
  const whole: StoredKey = {
    id: `test-${hashOf(secret).slice(0, 8)}`,
    workspace: 'default',
    role: 'viewer',
    ingestOnly: false,
    expiresAt: null,
    ...key,
  };
  new AccessRows(db).addKey(hashOf(secret), whole, Date.now());
  db.close();
  return { authorization: `Bearer ${secret}` };
}
