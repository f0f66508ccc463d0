import { DatabaseSync } from '@photostructure/sqlite';
import { takeBackSqlite } from '../../testing/before-campaign-events.ts';
import { differencesIn } from '../../testing/differences.ts';
import { TEST_SECRET_KEY } from '../../testing/engine.ts';
import { temporaryFolder } from '../../testing/running-server.ts';
import { UNREGISTERED_LIMIT } from '../limits.ts';
import { openSqliteStore } from '../sqlite/client.ts';
import { databasePath } from '../sqlite/database.ts';
import { storeContract } from './contract.ts';
import type { StoreKind } from './place.ts';

const sqlite: StoreKind = {
  name: 'SQLite',
  async place() {
    const folder = temporaryFolder();
    return {
      open: (unregisteredLimit = UNREGISTERED_LIMIT) =>
        openSqliteStore({ dataDir: folder.path, plivoTimeZone: 'UTC', unregisteredLimit, secretKey: TEST_SECRET_KEY }),
      takeBack: () => takeBackSqlite(folder.path),
      differences: async (now) => differencesIn(folder.path, now),
      texts: async () => textsIn(databasePath(folder.path)),
      remove: async () => folder.remove(),
    };
  },
};

function textsIn(file: string): string {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as { name: string }[];
    return JSON.stringify(tables.map(({ name }) => db.prepare(`SELECT * FROM ${name}`).all()));
  } finally {
    db.close();
  }
}

storeContract(() => sqlite, Number(process.env.LAW_RUNS ?? 15));
