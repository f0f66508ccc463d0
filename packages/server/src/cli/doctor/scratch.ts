import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import type { Database } from '../../store/sqlite/database.ts';
import { derivedTables } from '../../store/sqlite/refold.ts';
import { migrations } from '../../store/sqlite/sql.ts';

/** Empty tables in a file of their own, for what should be there. */
export interface Scratch {
  readonly db: Database;
  clear(): void;
  close(): void;
}

/** It lies in the data folder, where there is room; whichever store is examined, the tables are SQLite's. */
export function openScratch(dataDir: string): Scratch {
  const [path, db] = createIn(dataDir) ?? createIn(tmpdir()) ?? [null, new DatabaseSync('')];
  // Nothing here must outlive us, so nothing is journalled; the driver would keep us from that.
  db.enableDefensive(false);
  db.exec(
    'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY',
  );
  for (const { text } of migrations()) db.exec(text);
  // Where a system allows it the name goes at once, so that nothing stays behind whatever happens to us.
  const remove = (): void => {
    if (path !== null) rmSync(path, { force: true });
  };
  if (process.platform !== 'win32') remove();
  return {
    db,
    clear: () => {
      for (const table of Object.keys(derivedTables)) db.exec(`DELETE FROM ${table}`);
    },
    close: () => {
      closeDatabase(db);
      remove();
    },
  };
}

/** The driver keeps a closed database until its statements are collected; its page cache should not wait for that. */
export function closeDatabase(db: Database): void {
  db.exec('PRAGMA shrink_memory');
  db.close();
}

function createIn(folder: string): [string, Database] | null {
  const path = join(folder, `ringside-doctor-${process.pid}-${Date.now()}.tmp`);
  try {
    const db = new DatabaseSync(path);
    db.exec('PRAGMA user_version = 0');
    return [path, db];
  } catch {
    return null;
  }
}
