import { existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { type Database, databasePath } from '../../store/sqlite/database.ts';
import { derivedTables } from '../../store/sqlite/refold.ts';
import { migrations } from '../../store/sqlite/sql.ts';
import { openAtMoment } from '../../store/sqlite/store-copy.ts';

/** A campaign of the store by its keys. */
export interface CampaignRef {
  readonly key: string;
  readonly workspace: string;
  readonly campaignId: string;
}

const PAGE = 500;

/** Opens the store for reading, as it is at this moment; a server may go on writing. `null`: there is none. */
export function openSnapshot(dataDir: string): Database | null {
  const path = databasePath(dataDir);
  return existsSync(path) ? openAtMoment(path) : null;
}

/** The campaigns of a store, a page at a time. */
export function* campaignRefs(db: Database): Generator<CampaignRef> {
  const page = db.prepare(
    `SELECT campaign_key AS key, workspace, campaign_id AS campaignId FROM campaigns
     WHERE campaign_key > ? ORDER BY campaign_key LIMIT ${PAGE}`,
  );
  let after = '';
  for (;;) {
    const refs = page.all(after) as unknown as CampaignRef[];
    yield* refs;
    const last = refs.at(-1);
    if (!last) return;
    after = last.key;
  }
}

/** Empty tables in a file of their own, for what should be there. It lies beside the store, where there is room. */
export function openScratch(dataDir: string): { readonly db: Database; clear(): void; close(): void } {
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
