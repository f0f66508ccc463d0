import { describe, expect, it } from 'vitest';
import { driveSteps, driveStepsLater } from '../../store/access/steps.ts';
import { accepted, CAMPAIGN, ended, initiated, listOf, NOW } from '../../store/contract/dialing-steps.ts';
import { openPool } from '../../store/postgres/connection.ts';
import { openPostgresStore } from '../../store/postgres/open.ts';
import { Session } from '../../store/postgres/session.ts';
import { AccessTables } from '../../store/sqlite/access-tables.ts';
import { openSqliteStore } from '../../store/sqlite/client.ts';
import { openDatabase } from '../../store/sqlite/database.ts';
import type { Store } from '../../store/store.ts';
import { TEST_SECRET_KEY } from '../../testing/engine.ts';
import { sharedPostgres } from '../../testing/postgres.ts';
import { temporaryFolder } from '../../testing/running-server.ts';
import type { Check } from './check.ts';
import { checkDialing } from './check-dialing.ts';

const LATER = NOW + 2 * 3_600_000;
const settings = { plivoTimeZone: 'UTC', unregisteredLimit: 9, secretKey: TEST_SECRET_KEY };

/** A store with what the doctor looks at, and a way to ask it and to break it. */
interface Patient {
  readonly store: Store;
  readonly checks: () => Promise<readonly Check[]>;
  readonly run: (sql: string) => Promise<unknown>;
}

async function withSqlite(work: (patient: Patient) => Promise<void>): Promise<void> {
  const folder = temporaryFolder();
  const store = await openSqliteStore({ ...settings, dataDir: folder.path });
  const db = openDatabase(folder.path);
  try {
    const tables = new AccessTables(db);
    await work({
      ...{ store, checks: async () => driveSteps(checkDialing(LATER), tables.rows) },
      run: async (sql) => db.exec(sql),
    });
  } finally {
    db.close();
    await store.close();
    folder.remove();
  }
}

async function withPostgres(work: (patient: Patient) => Promise<void>): Promise<void> {
  const server = await sharedPostgres();
  const url = await server.database();
  const store = await openPostgresStore({ ...settings, url });
  const pool = openPool({ url, max: 1, lockTimeoutMs: 5_000, statementTimeoutMs: 5_000 });
  try {
    const session = new Session(pool);
    await work({
      ...{ store, checks: () => driveStepsLater(checkDialing(LATER), session.step) },
      run: (sql) => session.query(sql),
    });
  } finally {
    await pool.end();
    await store.close();
    await server.stop();
  }
}

describe.each([
  ['SQLite', withSqlite],
  ['PostgreSQL', withPostgres],
])('what the doctor says of dialing, on %s', (_name, withPatient) => {
  it('is nothing where nobody dials, and names what is wrong', { timeout: 60_000 }, async () => {
    await withPatient(async ({ store, checks, run }) => {
      expect(await checks()).toEqual([]);
      await listOf(store, 4);
      expect(await checks()).toMatchObject([{ name: 'dialing', status: 'ok', says: '1 list, all as counted' }]);
      const attempts = await accepted(store, { most: 2 });
      await store.apply(attempts.map((one) => initiated(one)));
      expect(await checks()).toMatchObject([{ status: 'ok' }]);
      await store.apply(attempts.slice(0, 1).map((one) => ended(one, 'busy')));
      expect(await checks()).toMatchObject([
        { status: 'warning', says: expect.stringContaining('1 attempt whose call') },
      ]);
      await run("UPDATE attempts SET state = 'in-doubt', needs_person = 1 WHERE attempt = 1");
      expect((await checks()).map(({ says }) => says)).toContain(
        '2 attempts of which nobody knows whether it was placed',
      );
      await run('DELETE FROM list_contacts WHERE position = 4');
      expect(await checks()).toContainEqual(
        expect.objectContaining({
          status: 'failed',
          says: `1 list not as counted, the first is that of campaign ${CAMPAIGN.campaignId}`,
        }),
      );
    });
  });
});
