import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditBy, TEST_SECRET_KEY } from '../../testing/engine.ts';
import { startPostgres, type TestPostgres } from '../../testing/postgres.ts';
import { StoreOpenError } from '../store.ts';
import { checkServerVersion, newestSchema } from './migrate.ts';
import { openPostgresStore } from './open.ts';

let server: TestPostgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const open = (url: string, secretKey = TEST_SECRET_KEY) =>
  openPostgresStore({ url, plivoTimeZone: 'UTC', unregisteredLimit: 10, secretKey });

/** What an operator reads. */
async function refusal(url: string, secretKey = TEST_SECRET_KEY): Promise<string> {
  const error = await open(url, secretKey).then(
    async (store) => {
      await store.close();
      return null;
    },
    (reason: Error) => reason,
  );
  expect(error).toBeInstanceOf(StoreOpenError);
  const { message } = error as Error;
  expect(message).not.toContain('\n');
  expect(message).not.toContain('a-secret-password');
  return message;
}

describe('opening a store in PostgreSQL', () => {
  it('brings the schema up to date once, however many nodes start together', async () => {
    const url = await server.database();
    const stores = await Promise.all(Array.from({ length: 4 }, () => open(url)));
    const epochs = await Promise.all(stores.map(async (store) => (await store.ping()).epoch));
    expect(new Set(epochs).size).toBe(1);
    expect(await server.query(url, 'SELECT version FROM schema_version')).toEqual([{ version: newestSchema() }]);
    for (const store of stores) await store.close();
  });

  it('refuses a store from the future', async () => {
    const url = await server.database();
    await (await open(url)).close();
    await server.query(url, 'UPDATE schema_version SET version = 99, floor = 99');
    expect(await refusal(url)).toMatch(/newer Ringside \(schema 99, this one knows \d+\): upgrade Ringside$/);
  });

  it('works on a newer schema that says it may, as older nodes do while others are upgraded', async () => {
    const url = await server.database();
    await (await open(url)).close();
    await server.query(url, 'UPDATE schema_version SET version = 99');
    const store = await open(url);
    expect((await store.ping()).unassigned).toBe(0);
    await store.close();
    expect(await server.query(url, 'SELECT version FROM schema_version')).toEqual([{ version: 99 }]);
  });

  it('refuses a node with another secret key, until somebody says that the first one is lost', async () => {
    const url = await server.database();
    const first = await open(url);
    const other = Buffer.alloc(32, 8);
    expect(await refusal(url, other)).toMatch(
      /another RINGSIDE_SECRET_KEY: set the same on every node; if it is lost, see "The secret key" in docs\/operations\.md$/,
    );
    const audit = { ...auditBy('test', 1), action: 'number.erased' };
    await first.erase({ workspace: 'default', number: '+919876543210', reason: null }, audit);
    await first.close();
    // The way out that docs/operations.md shows.
    await server.query(url, "DELETE FROM meta WHERE name = 'secret-key'");
    const again = await open(url, other);
    expect(await again.foreignErasures()).toBe(1);
    const { isNew } = await again.erase({ workspace: 'default', number: '+919876543210', reason: null }, audit);
    expect(isNew).toBe(true);
    await again.close();
    expect(await refusal(url)).toMatch(/another RINGSIDE_SECRET_KEY/);
  });

  it('refuses a server that is too old', () => {
    expect(() => checkServerVersion(130_012, '13.12')).toThrow(
      'PostgreSQL 13.12 is too old: Ringside needs 14 or newer',
    );
    checkServerVersion(140_000, '14.0');
  });

  it('says in one line what is wrong', async () => {
    const url = new URL(await server.database());
    const changed = (change: (url: URL) => void): string => {
      const copy = new URL(url);
      change(copy);
      return copy.href;
    };
    expect(await refusal('mysql://root@host/db')).toBe(
      'DATABASE_URL must look like postgres://user:password@host:5432/database',
    );
    expect(
      await refusal(
        changed((at) => {
          at.hostname = 'no-such-host.invalid';
        }),
      ),
    ).toMatch(/there is no such host$/);
    expect(
      await refusal(
        changed((at) => {
          at.port = '1';
        }),
      ),
    ).toMatch(/127\.0\.0\.1:1\/test_\w+: nothing listens there$/);
    expect(
      await refusal(
        changed((at) => {
          at.pathname = '/nowhere';
        }),
      ),
    ).toMatch(/no such database$/);
    expect(
      await refusal(
        changed((at) => {
          at.password = 'wrong';
        }),
      ),
    ).toMatch(/refuses this user or password$/);
    expect(
      await refusal(
        changed((at) => {
          at.searchParams.set('sslmode', 'verify-full');
        }),
      ),
    ).toMatch(/does not speak TLS/);
    await server.query(url.href, "CREATE ROLE reader LOGIN PASSWORD 'p'");
    const reader = changed((at) => {
      at.username = 'reader';
      at.password = 'p';
    });
    expect(await refusal(reader)).toMatch(/the user may not do this .*: give it CREATE on the schema/);
  });

  it('says when the server wants TLS', async () => {
    const url = await server.database();
    const rules = join(server.folder, 'pg_hba.conf');
    const before = readFileSync(rules, 'utf8');
    writeFileSync(rules, 'hostssl all all all password\n');
    appendFileSync(rules, before.replace(/^host\b/gm, '#host'));
    await server.reload();
    try {
      expect(await refusal(url)).toMatch(/it wants TLS: add \?sslmode=verify-full to DATABASE_URL$/);
    } finally {
      writeFileSync(rules, before);
      await server.reload();
    }
  });
});
