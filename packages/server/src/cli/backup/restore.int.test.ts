import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import type { AuditEntry, Erasure } from '@ringside/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { migrations } from '../../store/sqlite/sql.ts';
import { type CliRun, cli } from '../../testing/cli.ts';
import { spoilPages } from '../../testing/damage.ts';
import { openEngine } from '../../testing/engine.ts';
import { storeCalls } from '../../testing/many-calls.ts';
import { hangup, type TestServer, temporaryFolder, testServer } from '../../testing/running-server.ts';
import { makeKey } from '../../testing/workspace.ts';
import type { Diagnosis } from '../doctor/doctor.ts';

const CANARY = '+919876543210';

let folder: ReturnType<typeof temporaryFolder>;
let data: string;
let file: string;
const servers: TestServer[] = [];
beforeEach(() => {
  folder = temporaryFolder();
  data = join(folder.path, 'data');
  file = join(folder.path, 'b.db');
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  folder.remove();
});

async function serve(dataDir: string): Promise<TestServer> {
  const server = await testServer({ RINGSIDE_DATA: dataDir });
  servers.push(server);
  return server;
}

async function stopAll(): Promise<void> {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
}

async function backUp(...flags: string[]): Promise<void> {
  expect((await cli(['backup', '--to', file, '--data-dir', data, ...flags])).code).toBe(0);
}

const restore = (dataDir: string, ...flags: string[]): Promise<CliRun> =>
  cli(['restore', '--from', file, '--data-dir', dataDir, ...flags]);

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

/** Names in a folder, but for empty logs: those belong to databases that this process closed a moment ago. */
function namesIn(path: string): string[] {
  const isEmptyLog = (name: string): boolean =>
    name.endsWith('-shm') || (name.endsWith('-wal') && statSync(join(path, name)).size === 0);
  return readdirSync(path)
    .filter((name) => !isEmptyLog(name))
    .sort();
}

async function comparedWithDeliveries(dataDir: string): Promise<Diagnosis['store']> {
  return (JSON.parse((await cli(['doctor', '--json', '--data-dir', dataDir])).out) as Diagnosis).store;
}

describe('ringside restore', () => {
  it('brings back everything that the store holds, also who may do what, and notes it', async () => {
    const original = await serve(data);
    await original.callback('hangup', 'c-1', hangup('call-1'));
    const { key } = await makeKey(original, { name: 'Reader', role: 'viewer' });
    await original.send('POST', '/v1/provider-accounts', { authId: 'MAOTHER', token: 'other-token' });
    await backUp('--with-secret-key');
    await original.callback('hangup', 'c-1', hangup('call-2'));
    await stopAll();

    const elsewhere = join(folder.path, 'elsewhere');
    const { code, out, err } = await restore(elsewhere);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^Restored 1 call of 1 campaign into .*elsewhere, as they were on \d{4}-\d\d-\d\d \d\d:\d\d UTC, \d+ s ago\n$/,
    );
    expect(err.split('\n')).toEqual([
      'Numbers that were erased since are back: erase them again.',
      'Keys, share links and logins that were ended since are valid again: end them again.',
      '',
    ]);
    expect(namesIn(elsewhere)).toEqual(['ringside.db', 'ringside.lock', 'secret.key']);
    expect([modeOf(join(elsewhere, 'ringside.db')), modeOf(join(elsewhere, 'secret.key'))]).toEqual(['600', '600']);
    expect(readFileSync(join(elsewhere, 'secret.key'))).toEqual(readFileSync(join(data, 'secret.key')));

    const restored = await serve(elsewhere);
    expect((await restored.report('c-1')).progress.attempts).toBe(1);
    expect((await restored.get('/v1/campaigns', { authorization: `Bearer ${key}` })).status).toBe(200);
    const { items } = (await (await restored.get('/v1/audit?action=store.restored')).json()) as { items: AuditEntry[] };
    expect(items).toMatchObject([{ actor: 'cli', after: { backedUpAt: expect.stringMatching(/Z$/), erasedAgain: 0 } }]);
    const { checks } = JSON.parse((await cli(['doctor', '--json', '--data-dir', elsewhere])).out) as Diagnosis;
    expect(checks.find(({ name }) => name === 'secret key')?.says).toContain('1 stored provider account, all opened');
  });

  it('moves a store that is there aside with --force, whole', async () => {
    storeCalls(data, 'default', 'c-1', 5);
    await backUp();
    storeCalls(data, 'default', 'c-2', 7);
    expect((await restore(data, '--force')).out).toMatch(/\nWhat was there is kept: .*\/replaced-\d{8}T\d{6}Z-\w+\n$/);
    expect(await comparedWithDeliveries(data)).toMatchObject({ campaigns: 1, calls: 5, different: [] });
    const [replaced = ''] = readdirSync(data).filter((name) => name.startsWith('replaced-'));
    expect(namesIn(data)).toEqual([replaced, 'ringside.db', 'ringside.lock']);
    expect(await comparedWithDeliveries(join(data, replaced))).toMatchObject({
      campaigns: 2,
      calls: 12,
      different: [],
    });
  });

  it('erases again what the replaced store had erased since', async () => {
    const original = await serve(data);
    await original.callback('hangup', 'c-1', hangup('call-1', { to: CANARY }));
    await original.callback('hangup', 'c-1', hangup('call-2', { to: '+919876500000' }));
    await backUp();
    expect((await original.send('POST', '/v1/erasures', { number: CANARY, reason: 'asked' })).status).toBe(201);
    await stopAll();
    expect((await restore(data, '--force')).err.split('\n')[0]).toBe(
      '1 number that the replaced store had erased since: the server erases again when it starts.',
    );
    const restored = await serve(data);
    await vi.waitFor(
      async () => {
        const { items } = (await (await restored.get('/v1/erasures')).json()) as { items: Erasure[] };
        expect(items).toMatchObject([{ reason: 'asked', state: 'done', found: { calls: 1, campaigns: 1 } }]);
      },
      { timeout: 10_000, interval: 50 },
    );
    expect((await restored.report('c-1')).progress.attempts).toBe(2);
    await restored.callback('hangup', 'c-1', hangup('call-3', { to: CANARY }));
    await stopAll();
    expect(readFileSync(join(data, 'ringside.db'), 'latin1')).not.toContain(CANARY.slice(1));
    expect(await comparedWithDeliveries(data)).toMatchObject({ calls: 3, different: [] });
  });

  it('says when the secret key does not fit what is sealed', async () => {
    const original = await serve(data);
    await original.send('POST', '/v1/provider-accounts', { authId: 'MAOTHER', token: 'other-token' });
    await original.send('POST', '/v1/erasures', { number: CANARY });
    await stopAll();
    await backUp();
    const elsewhere = join(folder.path, 'elsewhere');
    const { err } = await restore(elsewhere);
    expect(err.split('\n')[2]).toBe(
      `The secret key does not fit tokens of 1 provider account and 1 erased number: before the server starts, put the key of the backup into ${elsewhere}/secret.key or RINGSIDE_SECRET_KEY.`,
    );
    const env = { RINGSIDE_SECRET_KEY: readFileSync(join(data, 'secret.key'), 'utf8').trim() };
    const again = await cli(['restore', '--from', file, '--data-dir', elsewhere, '--force'], env);
    expect(again).toMatchObject({ code: 0, err: expect.not.stringContaining('secret key') });
  });

  it('replaces another secret key only with --force, and keeps that too', async () => {
    storeCalls(data, 'default', 'c-1', 1);
    writeFileSync(join(data, 'secret.key'), Buffer.alloc(32, 1).toString('base64'));
    await backUp('--with-secret-key');
    const other = Buffer.alloc(32, 2).toString('base64');
    writeFileSync(join(data, 'secret.key'), other);
    expect((await restore(data, '--force')).code).toBe(0);
    expect(readFileSync(join(data, 'secret.key'), 'utf8').trim()).toBe(Buffer.alloc(32, 1).toString('base64'));
    const [replaced = ''] = readdirSync(data).filter((name) => name.startsWith('replaced-'));
    expect(namesIn(join(data, replaced))).toEqual(['ringside.db', 'secret.key']);
    expect(readFileSync(join(data, replaced, 'secret.key'), 'utf8')).toBe(other);
  });

  it('takes the store of a stopped or killed server too, with what only its log holds', async () => {
    const engine = openEngine(data);
    storeCalls(join(folder.path, 'other'), 'default', 'c-1', 3);
    engine.close();
    const writer = new DatabaseSync(join(folder.path, 'other', 'ringside.db'));
    writer.exec("PRAGMA wal_autocheckpoint = 0; INSERT INTO meta (name, value) VALUES ('in-log', 'yes')");
    file = join(folder.path, 'other', 'ringside.db');
    const elsewhere = join(folder.path, 'elsewhere');
    expect((await restore(elsewhere)).out).toMatch(/^Restored 3 calls .*; when they were copied is not known\n$/);
    writer.close();
    const db = new DatabaseSync(join(elsewhere, 'ringside.db'), { readOnly: true });
    expect(db.prepare("SELECT value FROM meta WHERE name = 'in-log'").get()).toEqual({ value: 'yes' });
    db.close();
  });

  it('brings the store of an older version up to date', async () => {
    const [first] = migrations();
    const old = new DatabaseSync(file);
    old.exec(`${first?.text}; PRAGMA user_version = 1;`);
    old.close();
    expect((await restore(data)).out).toMatch(/^Restored 0 calls of 0 campaigns/);
    expect(await comparedWithDeliveries(data)).toMatchObject({ campaigns: 0, different: [] });
  });
});

describe('ringside restore refuses in one line, and changes nothing', () => {
  const line = async (dataDir: string, ...flags: string[]): Promise<string> => {
    const { code, out, err } = await restore(dataDir, ...flags);
    expect({ code, out, lines: err.split('\n').length }).toEqual({ code: 1, out: '', lines: 2 });
    return err;
  };

  it('while a server has the store, also with --force', async () => {
    const server = await serve(data);
    await server.callback('hangup', 'c-1', hangup('call-1'));
    await backUp();
    await server.callback('hangup', 'c-1', hangup('call-2'));
    for (const flags of [[], ['--force']])
      expect(await line(data, ...flags)).toBe(`ringside: a server has the store in ${data}: stop it first\n`);
    expect((await server.report('c-1')).progress.attempts).toBe(2);
  });

  it('a folder with a store, or with the log of one', async () => {
    storeCalls(data, 'default', 'c-1', 1);
    await backUp();
    expect(await line(data)).toContain('there is a store in');
    const elsewhere = temporaryFolder();
    writeFileSync(join(elsewhere.path, 'ringside.db-wal'), 'a log');
    expect(await line(elsewhere.path)).toContain('there is a store in');
    expect(readdirSync(elsewhere.path)).toEqual(['ringside.db-wal']);
    elsewhere.remove();
  });

  it('another secret key than that of the backup', async () => {
    storeCalls(data, 'default', 'c-1', 1);
    writeFileSync(join(data, 'secret.key'), Buffer.alloc(32, 1).toString('base64'));
    await backUp('--with-secret-key');
    const elsewhere = temporaryFolder();
    writeFileSync(join(elsewhere.path, 'secret.key'), Buffer.alloc(32, 2).toString('base64'));
    expect(await line(elsewhere.path)).toMatch(/is not the key of the backup, .*: --force moves it aside\n$/);
    writeFileSync(`${file}.secret.key`, 'no key');
    expect(await line(elsewhere.path)).toMatch(/b\.db\.secret\.key is not a secret key: move it away\n$/);
    elsewhere.remove();
  });

  it.each([
    ['no file', () => {}, /there is no file/],
    ['a text', () => writeFileSync(file, 'hello '.repeat(1_000)), /is not a store of Ringside/],
    ['an empty file', () => writeFileSync(file, ''), /is not a store of Ringside/],
    ['another database', () => new DatabaseSync(file).exec('CREATE TABLE calls (id)'), /is not a store of Ringside/],
  ])('%s', async (_what, make, expected) => {
    make();
    expect(await line(data)).toMatch(expected);
    expect(readdirSync(folder.path)).not.toContain('data');
  });

  it.each([
    ['a cut backup', () => truncateSync(file, Math.floor(statSync(file).size / 2))],
    ['a backup with pages that are none', () => spoilPages(file)],
  ])('%s', async (_what, spoil) => {
    storeCalls(data, 'default', 'c-1', 2_000);
    await backUp();
    spoil();
    expect(await line(data, '--force')).toMatch(/^ringside: .*b\.db is damaged: \S/);
    expect(namesIn(data).filter((name) => name.startsWith('re'))).toEqual([]);
    expect(await comparedWithDeliveries(data)).toMatchObject({ calls: 2_000, different: [] });
  });

  it('the backup of a newer version', async () => {
    storeCalls(data, 'default', 'c-1', 1);
    await backUp();
    const db = new DatabaseSync(file);
    db.exec('PRAGMA user_version = 999');
    db.close();
    expect(await line(join(folder.path, 'new'))).toMatch(
      /b\.db was written by a newer Ringside \(schema 999, .*upgrade/,
    );
  });
});
