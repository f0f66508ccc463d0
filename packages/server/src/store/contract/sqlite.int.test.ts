import { TEST_SECRET_KEY } from '../../testing/engine.ts';
import { temporaryFolder } from '../../testing/running-server.ts';
import { UNREGISTERED_LIMIT } from '../limits.ts';
import { openSqliteStore } from '../sqlite/client.ts';
import { storeContract } from './contract.ts';
import type { StoreKind } from './place.ts';

const sqlite: StoreKind = {
  name: 'SQLite',
  async place() {
    const folder = temporaryFolder();
    return {
      open: (unregisteredLimit = UNREGISTERED_LIMIT) =>
        openSqliteStore({ dataDir: folder.path, plivoTimeZone: 'UTC', unregisteredLimit, secretKey: TEST_SECRET_KEY }),
      remove: async () => folder.remove(),
    };
  },
};

storeContract(() => sqlite);
