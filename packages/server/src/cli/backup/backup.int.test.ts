import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliRun, cli } from '../../testing/cli.ts';
import { spoilPages } from '../../testing/damage.ts';
import { storeCalls } from '../../testing/many-calls.ts';
import { temporaryFolder } from '../../testing/running-server.ts';

let folder: ReturnType<typeof temporaryFolder>;
let data: string;
let copies: string;
beforeEach(() => {
  folder = temporaryFolder();
  data = join(folder.path, 'data');
  copies = join(folder.path, 'copies');
  mkdirSync(copies);
});
afterEach(() => folder.remove());

const backup = (to: string, ...flags: string[]): Promise<CliRun> =>
  cli(['backup', '--to', to, '--data-dir', data, ...flags]);
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const refusal = (line: string): CliRun => ({ code: 1, out: '', err: `ringside: ${line}\n` });

describe('ringside backup', () => {
  it('makes one file, for its owner alone, and says in one line what is in it', async () => {
    storeCalls(data, 'default', 'c-1', 20);
    storeCalls(data, 'default', 'c-2', 10);
    const file = join(copies, 'of today #1 %20?.db');
    const { code, out, err } = await backup(file);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      /^Backed up 30 calls of 2 campaigns, up to delivery 30: .*\/of today #1 %20\?\.db, 0\.\d MB in \d+\.\d s\n$/,
    );
    expect(readdirSync(copies)).toEqual(['of today #1 %20?.db']);
    expect(modeOf(file)).toBe('600');
    const db = new DatabaseSync(file, { readOnly: true });
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'delete' });
    db.close();
  });

  it('names the file after the time in a folder', async () => {
    storeCalls(data, 'default', 'c-1', 1);
    expect((await backup(copies)).code).toBe(0);
    expect(readdirSync(copies)).toEqual([expect.stringMatching(/^ringside-\d{8}T\d{6}Z\.db$/)]);
  });

  it('replaces a file only with --force', async () => {
    storeCalls(data, 'default', 'c-1', 1);
    const file = join(copies, 'b.db');
    writeFileSync(file, 'precious');
    expect(await backup(file)).toEqual(
      refusal(`${file} is there already: give another --to, or --force to replace it`),
    );
    expect(readFileSync(file, 'utf8')).toBe('precious');
    expect((await backup(file, '--force')).out).toMatch(/^Backed up 1 call of 1 campaign/);
    expect(readdirSync(copies)).toEqual(['b.db']);
  });

  it('leaves the secret key out and says so, or copies it beside for its owner alone', async () => {
    storeCalls(data, 'default', 'c-1', 1);
    writeFileSync(join(data, 'secret.key'), 'a key');
    const { err } = await backup(join(copies, 'a.db'));
    expect(err).toMatch(/^.*data\/secret\.key is not in it; keep that too \(or --with-secret-key\): .*\n$/);
    expect(readdirSync(copies)).toEqual(['a.db']);
    const beside = join(copies, 'b.db.secret.key');
    expect((await backup(join(copies, 'b.db'), '--with-secret-key')).err).toContain(beside);
    expect(readFileSync(beside, 'utf8')).toBe('a key');
    expect(modeOf(beside)).toBe('600');
    expect(await backup(join(copies, 'b.db'), '--with-secret-key')).toMatchObject({ code: 1 });
  });

  it('speaks of the setting where the secret key is one', async () => {
    storeCalls(data, 'default', 'c-1', 1);
    const env = { RINGSIDE_SECRET_KEY: 'ab'.repeat(32), RINGSIDE_DATA: data };
    const { err } = await cli(['backup', '--to', copies], env);
    expect(err).toMatch(/^RINGSIDE_SECRET_KEY is not in it; keep that too: .*\n$/);
    expect(await cli(['backup', '--to', join(copies, 'k.db'), '--with-secret-key'], env)).toEqual(
      refusal('the secret key is the setting RINGSIDE_SECRET_KEY, not a file: keep it with your settings'),
    );
  });
});

describe('ringside backup refuses in one line and leaves nothing behind', () => {
  const line = async (to: string, ...flags: string[]): Promise<string> => {
    const { code, out, err } = await backup(to, ...flags);
    expect({ code, out, lines: err.split('\n').length }).toEqual({ code: 1, out: '', lines: 2 });
    expect(readdirSync(copies)).toEqual([]);
    return err;
  };

  it.each([
    ['backup', '--to'],
    ['restore', '--from'],
  ])('where the data lies in PostgreSQL: %s', async (command, flag) => {
    const argv = [command, flag, copies, '--data-dir', data];
    const { code, err } = await cli(argv, { DATABASE_URL: 'postgres://user:word@127.0.0.1:9/none' });
    expect({ code, lines: err.split('\n').length }).toEqual({ code: 1, lines: 2 });
    expect(err).toMatch(/^ringside: DATABASE_URL is set, so the data lies in PostgreSQL: use pg_/);
    expect(err).not.toContain('word');
  });

  it('without a store', async () => {
    expect(await line(copies)).toContain(`there is no store in ${data}: set RINGSIDE_DATA`);
  });

  it.each([
    ['a folder that is not there', () => join(copies, 'no', 'b.db'), /there is no folder .*copies\/no: make it/],
    ['a folder that is not there, named as one', () => `${copies}/no/`, /there is no folder .*copies\/no: make it/],
    ['the data folder', () => data, /is the data folder itself: a backup belongs elsewhere/],
    ['the store', () => join(data, 'ringside.db'), /is the data folder itself: a backup belongs elsewhere/],
  ])('%s', async (_what, to, expected) => {
    storeCalls(data, 'default', 'c-1', 1);
    expect(await line(to(), '--force')).toMatch(expected);
  });

  it('a secret key that is not there', async () => {
    storeCalls(data, 'default', 'c-1', 1);
    expect(await line(copies, '--with-secret-key')).toContain('secret.key: leave out --with-secret-key');
  });

  it('the store of a newer version', async () => {
    mkdirSync(data);
    storeCalls(data, 'default', 'c-1', 1);
    const db = new DatabaseSync(join(data, 'ringside.db'));
    db.exec('PRAGMA user_version = 999');
    db.close();
    expect(await line(copies)).toMatch(
      /ringside\.db was written by a newer Ringside \(schema 999, this one knows \d+\)/,
    );
  });

  it('a damaged store, whose damage the copy has too', async () => {
    const sound = join(folder.path, 'sound');
    storeCalls(sound, 'default', 'c-1', 2_000);
    mkdirSync(data);
    const file = join(data, 'ringside.db');
    expect((await cli(['backup', '--to', file, '--data-dir', sound])).code).toBe(0);
    spoilPages(file);
    expect(await line(copies)).toMatch(/^ringside: .*\/data\/ringside\.db is damaged: \S/);
  });

  it('what is no store', async () => {
    mkdirSync(data);
    copyFileSync(import.meta.filename, join(data, 'ringside.db'));
    expect(await line(copies)).toBe(`ringside: ${join(data, 'ringside.db')} is not a store of Ringside\n`);
  });
});
