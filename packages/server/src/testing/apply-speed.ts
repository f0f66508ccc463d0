/**
 * Events a second that a store applies: distinct ended calls over ten campaigns, in batches of 1,000, both stores in one
 * run and with fsync on. Run it with `npx tsx --conditions=ringside-src packages/server/src/testing/apply-speed.ts`.
 */
import { openPostgresStore } from '../store/postgres/open.ts';
import { openSqliteStore } from '../store/sqlite/client.ts';
import type { Store } from '../store/store.ts';
import { eventReceipt, TEST_SECRET_KEY } from './engine.ts';
import { nthEnd } from './many-calls.ts';
import { startPostgres } from './postgres.ts';
import { temporaryFolder } from './running-server.ts';

const BATCH = 1_000;
const CAMPAIGNS = 10;
const ROUNDS = 5;
const BATCHES_OF_ROUND = 20;

let next = 0;
const batch = () =>
  Array.from({ length: BATCH }, () => {
    const n = next++;
    return eventReceipt(nthEnd(`c-${n % CAMPAIGNS}`, n));
  });

async function eventsPerSecond(store: Store, inFlight: number): Promise<number> {
  const batches = Array.from({ length: BATCHES_OF_ROUND }, batch);
  const began = performance.now();
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      for (let mine = batches.pop(); mine; mine = batches.pop()) await store.apply(mine);
    }),
  );
  return (BATCH * BATCHES_OF_ROUND * 1000) / (performance.now() - began);
}

const folder = temporaryFolder();
const server = await startPostgres({
  fsync: 'on',
  full_page_writes: 'on',
  shared_buffers: '512MB',
  max_wal_size: '4GB',
});
const settings = { plivoTimeZone: 'UTC', unregisteredLimit: 1_000, secretKey: TEST_SECRET_KEY };
const sqlite = await openSqliteStore({ ...settings, dataDir: folder.path });
const postgres = await openPostgresStore({ ...settings, url: await server.database() });
try {
  const kinds = [
    ['SQLite', sqlite, 1],
    ['PostgreSQL, one batch at a time', postgres, 1],
    ['PostgreSQL, four at once', postgres, 4],
  ] as const;
  const seen = new Map<string, number[]>();
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, store, inFlight] of kinds) {
      const rate = await eventsPerSecond(store, inFlight);
      if (round > 0) seen.set(name, [...(seen.get(name) ?? []), rate]);
    }
  }
  for (const [name, rates] of seen) {
    const median = rates.sort((a, b) => a - b)[Math.floor(rates.length / 2)] ?? 0;
    process.stdout.write(`${name}: ${Math.round(median)} events/s (${rates.map(Math.round).join(', ')})\n`);
  }
} finally {
  await sqlite.close();
  await postgres.close();
  await server.stop();
  folder.remove();
}
