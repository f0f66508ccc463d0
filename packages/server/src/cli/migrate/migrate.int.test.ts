import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DISTRIBUTED, REFERENCE } from '../../store/postgres/distribution.ts';
import { newestSchema } from '../../store/postgres/migrate.ts';
import { type CliRun, cli } from '../../testing/cli.ts';
import { sharedPostgres, type TestDatabases } from '../../testing/postgres.ts';
import { hangup, testServer } from '../../testing/running-server.ts';

const STAND_IN = readFileSync(new URL('../../testing/citus-stand-in.sql', import.meta.url), 'utf8');

let server: TestDatabases;
let url: string;
beforeAll(async () => {
  server = await sharedPostgres();
});
afterAll(() => server.stop());
beforeEach(async () => {
  url = await server.database();
});

const migrate = (...flags: string[]): Promise<CliRun> => cli(['migrate', ...flags], { DATABASE_URL: url });

describe('ringside migrate', () => {
  const now = newestSchema();

  it('brings a database up to date, says what it did, and does nothing twice', async () => {
    expect(await migrate('--check')).toMatchObject({
      code: 1,
      out: expect.stringMatching(new RegExp(`: schema not there: ${now} migrations to run\n$`)),
    });
    expect(await server.query(url, "SELECT to_regclass('schema_version') AS has")).toEqual([{ has: null }]);
    const done = await migrate();
    expect(done).toMatchObject({ code: 0, out: expect.stringMatching(`: schema ${now}, was not there\n$`) });
    expect(done.out).not.toContain('a-secret-password');
    expect(await migrate('--check')).toMatchObject({
      code: 0,
      out: expect.stringMatching(`: up to date: schema ${now}\n$`),
    });
    expect(await migrate()).toMatchObject({ code: 0, out: expect.stringMatching(`: up to date: schema ${now}\n$`) });
  });

  it('says in one line what it cannot do', async () => {
    const without = await cli(['migrate']);
    expect(without).toMatchObject({ code: 1, err: expect.stringMatching(/^ringside: DATABASE_URL is not set: .*\n$/) });
    await migrate();
    await server.query(url, 'UPDATE schema_version SET version = 99, floor = 99');
    const newer = await migrate();
    expect(newer).toMatchObject({ code: 1, err: expect.stringMatching(/newer Ringside .*: upgrade Ringside\n$/) });
    expect(await migrate('--check')).toMatchObject({ code: 1, out: expect.stringMatching(/: upgrade Ringside\n$/) });
  });
});

describe('ringside migrate --distributed', () => {
  const placed = (method: string) =>
    server
      .query(
        url,
        `SELECT logicalrelid::text AS name, partkey, colocationid FROM pg_dist_partition
         WHERE partmethod = '${method}' ORDER BY 1`,
      )
      .then((rows) => rows.map(({ name, partkey, colocationid }) => [name, partkey, colocationid]));

  it('says in one line that there is no Citus, and leaves a store that works', async () => {
    const refused = await migrate('--distributed');
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toMatch(/^ringside: this PostgreSQL has no Citus: run CREATE EXTENSION citus .*\n$/);
    expect(await migrate('--check')).toMatchObject({ code: 0 });
  });

  it('places every table by the rules of Citus, once, and servers work on', async () => {
    await server.query(url, STAND_IN);
    const done = await migrate('--distributed');
    expect(done).toMatchObject({ code: 0, err: '' });
    expect(done.out).toContain(`distributed by campaign_key: ${DISTRIBUTED.join(', ')}\n`);
    expect(await placed('h')).toEqual([...DISTRIBUTED].sort().map((name) => [name, 'campaign_key', 1]));
    expect(await placed('n')).toEqual([...REFERENCE].sort().map((name) => [name, null, 0]));
    const emptied = await server.query(url, 'SELECT relation::text AS name FROM truncated_after_distributing');
    expect(emptied).toHaveLength(DISTRIBUTED.length + REFERENCE.length);

    expect((await migrate('--distributed')).out).toContain('every table lies where it should already\n');
    const node = await testServer({ DATABASE_URL: url });
    expect((await node.callback('hangup', 'c', hangup('x'))).status).toBe(200);
    expect((await node.report('c')).progress.attempts).toBe(1);
    await node.stop();
  });

  it('places what a later version brings, together with the rest', async () => {
    await server.query(url, STAND_IN);
    await migrate('--distributed');
    await server.query(
      url,
      "DELETE FROM pg_dist_partition WHERE logicalrelid IN ('erasing'::regclass, 'settings'::regclass)",
    );
    await server.query(url, 'DELETE FROM truncated_after_distributing');
    const done = await migrate('--distributed');
    expect(done.out).toContain('distributed by campaign_key: erasing\ncopied to every machine: settings\n');
    expect((await placed('h')).map(([, , group]) => group)).toEqual(DISTRIBUTED.map(() => 1));
  });

  it('places nothing when one table cannot be', async () => {
    await server.query(url, STAND_IN);
    await migrate();
    await server.query(url, 'CREATE UNIQUE INDEX wrong ON numbers (number)');
    const refused = await migrate('--distributed');
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('cannot create constraint on "numbers"') });
    expect(await placed('h')).toEqual([]);
  });
});
