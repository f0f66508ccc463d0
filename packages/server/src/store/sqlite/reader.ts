import { DatabaseSync } from '@photostructure/sqlite';
import { ListReader } from '../list-reader.ts';
import { type Database, databasePath } from './database.ts';
import { SqliteReadSource } from './read-source.ts';

/**
 * The reading side of the embedded store: a connection of its own, in a thread of its own, that can write nothing.
 * WAL lets it read while the other thread commits. Every statement is a transaction of its own.
 */
export class Reader extends ListReader {
  readonly #db: Database;

  constructor(dataDir: string) {
    const db = new DatabaseSync(databasePath(dataDir), { readOnly: true });
    db.exec(`
      PRAGMA query_only = ON;
      PRAGMA busy_timeout = 2000;
      PRAGMA cache_size = -16384;
      PRAGMA temp_store = MEMORY;
    `);
    const key = db.prepare("SELECT value FROM meta WHERE name = 'cursor-key'").get() as { value: string };
    super(new SqliteReadSource(db), key.value);
    this.#db = db;
  }

  /** How this very connection reads. */
  pragmas(): { query_only: number } {
    return this.#db.prepare('PRAGMA query_only').get() as { query_only: number };
  }

  close(): void {
    this.#db.close();
  }
}
