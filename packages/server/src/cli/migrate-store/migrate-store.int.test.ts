import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openPostgresEngine } from '../../store/postgres/open.ts';
import { databasePath } from '../../store/sqlite/database.ts';
import { type CliRun, cli } from '../../testing/cli.ts';
import { openEngine, TEST_SECRET_KEY, WORKSPACE } from '../../testing/engine.ts';
import { CAMPAIGNS, type FullStore, fillStore } from '../../testing/full-store.ts';
import { storeCalls } from '../../testing/many-calls.ts';
import { sharedPostgres, type TestDatabases } from '../../testing/postgres.ts';
import { type TestServer, temporaryFolder, testServer } from '../../testing/running-server.ts';
import { comparable } from '../../testing/same-report.ts';
import { MAIN } from '../../testing/server-process.ts';

/** Of every server and every move here that needs no other. */
const SECRET = TEST_SECRET_KEY.toString('hex');

let server: TestDatabases;
let folder: ReturnType<typeof temporaryFolder>;
let url: string;
beforeAll(async () => {
  server = await sharedPostgres();
});
afterAll(() => server.stop());
beforeEach(async () => {
  folder = temporaryFolder();
  url = await server.database();
});
afterEach(() => folder.remove());

const move = (flags: readonly string[] = [], env: Record<string, string> = {}): Promise<CliRun> =>
  cli(['migrate-store', ...flags], {
    DATABASE_URL: url,
    RINGSIDE_DATA: folder.path,
    RINGSIDE_SECRET_KEY: SECRET,
    ...env,
  });

function inSource<T>(read: (db: InstanceType<typeof DatabaseSync>) => T): T {
  const db = new DatabaseSync(databasePath(folder.path));
  // A server that was told to stop may still be closing.
  db.exec('PRAGMA busy_timeout = 5000');
  try {
    return read(db);
  } finally {
    db.close();
  }
}

const counted = async (table: string): Promise<number> =>
  (await server.query(url, `SELECT count(*)::int AS n FROM ${table}`))[0]?.n as number;

/** What people are shown, before and after. */
async function shown(at: TestServer, { key }: FullStore) {
  const own = { authorization: `Bearer ${key}` };
  const texts = async (path: string, headers = {}) => {
    const response = await at.get(path, headers);
    expect(response.status, path).toBe(200);
    return response.text();
  };
  const campaigns = await Promise.all(
    CAMPAIGNS.map(async (id) => [
      comparable(await at.report(id)),
      await texts(`/v1/campaigns/${id}/calls?limit=500`),
      await texts(`/v1/campaigns/${id}/contacts?limit=500`),
      await texts(`/v1/campaigns/${id}/calls.ndjson`),
      await texts(`/v1/campaigns/${id}`),
    ]),
  );
  const lists = ['/v1/workspaces', '/v1/share-links', '/v1/settings', '/v1/erasures'];
  return {
    campaigns,
    theirs: [
      comparable(await (await at.get('/v1/campaigns/c-1/report', own)).json()),
      await texts('/v1/campaigns/c-1', own),
    ],
    accounts: await texts('/v1/provider-accounts', own),
    lists: await Promise.all(lists.map((path) => texts(path))),
    keys: JSON.parse(await texts('/v1/keys')).items.map((one: object) => ({ ...one, lastUsedAt: null })),
  };
}

describe('ringside migrate-store', () => {
  it('moves everything: a server on PostgreSQL shows the same to the same keys', { timeout: 60_000 }, async () => {
    const full = await fillStore(folder.path);
    const RINGSIDE_SECRET_KEY = full.secretKey;
    // One clock for both: paces and forecasts change with time alone.
    const at = Date.now();
    const clock = { now: () => at };
    const old = await testServer({ RINGSIDE_DATA: folder.path, RINGSIDE_SECRET_KEY }, clock);
    const before = await shown(old, full);
    await old.stop();
    inSource((db) =>
      db.exec("INSERT INTO rescoring SELECT campaign_key, 7 FROM campaigns WHERE campaign_id = 'c-2' LIMIT 1"),
    );
    const audit = inSource((db) => db.prepare('SELECT id, action, actor, after_value FROM audit ORDER BY id').all());
    const bytes = createHash('sha256')
      .update(readFileSync(databasePath(folder.path)))
      .digest('hex');

    const moved = await move([], { RINGSIDE_SECRET_KEY });
    expect(moved).toMatchObject({ code: 0 });
    expect(moved.out).toMatch(
      /^Moved 5 campaigns, \d+ calls, \d+ events in \d+ s: verified \(but for 1 campaign whose calls are being rewritten\)\.\n$/,
    );
    expect(moved.err).not.toContain('a-secret-password');
    expect(
      createHash('sha256')
        .update(readFileSync(databasePath(folder.path)))
        .digest('hex'),
    ).toBe(bytes);
    for (const table of ['nonces_0', 'nonces_1', 'nonces_2', 'unassigned', 'base_buckets', 'erasures'])
      expect([table, await counted(table)]).toEqual([
        table,
        inSource((db) => (db.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n),
      ]);
    expect(await server.query(url, 'SELECT after_row FROM rescoring')).toEqual([{ after_row: '' }]);
    expect(await server.query(url, 'SELECT id::int, action, actor, after_value FROM audit ORDER BY id')).toEqual(audit);

    const now = await testServer({ DATABASE_URL: url, RINGSIDE_SECRET_KEY }, clock);
    try {
      const after = await shown(now, full);
      expect(after).toEqual(before);
      expect((await now.get('/v1/session', { authorization: `Bearer ${full.key}` })).status).toBe(200);
      expect((await now.get('/v1/session', { authorization: 'Bearer wrong' })).status).toBe(401);
      const link = `${now.url}/s/${full.share.id}`;
      const opened = await fetch(`${link}/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ secret: full.share.secret }),
      });
      const cookie = opened.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
      const report = await fetch(`${link}/v1/campaigns/c-1/report`, { headers: { cookie } });
      expect([opened.status, report.status]).toEqual([204, 200]);
      // Numbers that PostgreSQL gives go on where those of the old store ended.
      await now.send('POST', '/v1/workspaces', { id: 'later' });
      const [row] = await server.query(url, "SELECT max(id)::int AS id FROM audit WHERE action = 'workspace.created'");
      expect(row?.id).toBeGreaterThan(audit.length);
    } finally {
      await now.stop();
    }
    expect(await cli(['doctor'], { DATABASE_URL: url, RINGSIDE_DATA: folder.path })).toMatchObject({
      out: expect.stringMatching(/^(ok|warning) +campaigns /m),
    });
  });

  it('goes on where a kill stopped it, and nothing is there twice or missing', { timeout: 60_000 }, async () => {
    const CALLS = 12_000;
    storeCalls(folder.path, WORKSPACE, 'big', CALLS);
    storeCalls(folder.path, WORKSPACE, 'small', 10);
    const child = spawn(process.execPath, [MAIN, 'migrate-store'], {
      env: { PATH: process.env.PATH ?? '', DATABASE_URL: url, RINGSIDE_DATA: folder.path, RINGSIDE_SECRET_KEY: SECRET },
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => child.on('close', (_code, signal) => resolve(signal)));
    const rows = () =>
      server.query(url, 'SELECT rows::int FROM store_move').then(
        ([row]) => row?.rows ?? 0,
        () => 0,
      );
    await expect.poll(rows, { timeout: 30_000, interval: 5 }).toBeGreaterThan(4_000);
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
    const left = (await rows()) as number;
    expect(left).toBeLessThan(2 * CALLS);

    await expect(testServer({ DATABASE_URL: url, RINGSIDE_SECRET_KEY: SECRET })).rejects.toThrow(
      /the move of a store into this database is not finished: run ringside migrate-store again$/,
    );
    const resumed = await move();
    expect(resumed).toMatchObject({ code: 0 });
    expect(resumed.out).toMatch(/^Moved 2 campaigns, 12,010 calls, 12,010 events in \d+ s: verified\.\n$/);
    expect(await counted('call_events')).toBe(CALLS + 10);
    expect(await move(['--verify-only'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Compared .*: verified\.\n$/),
    });

    const engine = openEngine(folder.path);
    const before = engine.report(WORKSPACE, 'big', 100, Date.UTC(2025, 7, 9))?.report;
    engine.close();
    const settings = { plivoTimeZone: 'UTC', unregisteredLimit: 10, secretKey: TEST_SECRET_KEY };
    const node = await openPostgresEngine({ url, ...settings });
    const after = (await node.report(WORKSPACE, 'big', 100, Date.UTC(2025, 7, 9)))?.report;
    await node.close();
    expect(after && { ...after, revision: '' }).toEqual(before && { ...before, revision: '' });
  });

  it('sees when something did not arrive', async () => {
    storeCalls(folder.path, WORKSPACE, 'c', 20);
    expect(await move()).toMatchObject({ code: 0 });
    await server.query(url, 'DELETE FROM call_events WHERE seq = 3');
    const { code, err } = await move(['--verify-only']);
    expect(code).toBe(1);
    expect(err).toMatch(/^ringside: campaign c did not arrive as it was: call_events is 19, not 20: .*\n$/);
  });

  it('says that the old store itself is not right', async () => {
    storeCalls(folder.path, WORKSPACE, 'c', 20);
    inSource((db) => db.exec("UPDATE calls SET talk = 9999 WHERE call_row = 'call-000000003'"));
    const { code, err } = await move();
    expect(code).toBe(1);
    expect(err).toMatch(/1 campaign not as the stored deliveries say \(c: call call-000000003 talk .*doctor --fix/);
    await expect(testServer({ DATABASE_URL: url, RINGSIDE_SECRET_KEY: SECRET })).rejects.toThrow(/not finished/);
    const doctor = await cli(['doctor'], { DATABASE_URL: url, RINGSIDE_DATA: folder.path });
    expect(doctor.out).toMatch(/^failed +schema +the move of a store into this database is not finished$/m);
  });
});

describe('ringside migrate-store refuses, in one line,', () => {
  const refused = async (run: Promise<CliRun>, why: RegExp): Promise<void> => {
    const { code, out, err } = await run;
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(why);
    expect(err.match(/\n/g)).toHaveLength(1);
    expect(err).not.toContain('a-secret-password');
  };

  it('to begin without a database or a store', async () => {
    await refused(move([], { DATABASE_URL: '' }), /^ringside: name the database with DATABASE_URL, or with --to\n$/);
    await refused(move(), /^ringside: there is no store in .*: name its data folder with --from or RINGSIDE_DATA\n$/);
    await refused(move(['--from', '/nowhere']), /there is no store in \/nowhere/);
    await refused(move(['--from', url]), /--from must be sqlite, or the path of a data folder\n$/);
    await refused(move(['--to', 'mysql://x/y']), /must look like postgres:/);
    storeCalls(folder.path, WORKSPACE, 'c', 1);
    const nowhere = new URL(url);
    nowhere.pathname = '/nowhere';
    await refused(move(['--to', nowhere.href]), /no such database\n$/);
  });

  it('to move a store that is in use, or of another version', async () => {
    const used = await testServer({ RINGSIDE_DATA: folder.path });
    await refused(move(), /^ringside: the store in .* is in use: stop the server before you move it\n$/);
    await used.stop();
    inSource((db) => db.exec('PRAGMA user_version = 999'));
    await refused(move(), /has version 999, this Ringside knows \d+: A newer Ringside wrote the store/);
  });

  it('to move into a database that holds something, or that servers use', async () => {
    storeCalls(folder.path, WORKSPACE, 'c', 1);
    const other = await testServer({ DATABASE_URL: url, RINGSIDE_SECRET_KEY: SECRET });
    await refused(move(), /^ringside: servers use postgres:.*: stop them, or name an empty database\n$/);
    await other.stop();
    await refused(move(), /holds a store already \(0 campaigns and 1 key\): make an empty database/);
  });

  it('to go on with the move of another store, or of one that has changed since', async () => {
    storeCalls(folder.path, WORKSPACE, 'c', 5);
    inSource((db) => db.exec("UPDATE calls SET talk = 9999 WHERE call_row = 'call-000000003'"));
    expect(await move()).toMatchObject({ code: 1 });
    const another = temporaryFolder();
    storeCalls(another.path, WORKSPACE, 'c', 5);
    await refused(
      move(['--from', another.path]),
      /the move of another store into .* is not finished: name an empty database\n$/,
    );
    another.remove();
    storeCalls(folder.path, WORKSPACE, 'd', 5);
    await refused(move(), /the store in .* has changed since its move into .* began: make the database anew/);
  });

  it('to move sealed tokens with a key that does not open them', async () => {
    await fillStore(folder.path);
    await refused(
      move([], { RINGSIDE_SECRET_KEY: 'cd'.repeat(32) }),
      /cannot be opened with RINGSIDE_SECRET_KEY: MASTORED/,
    );
  });
});
