import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ApiKey, ApiKeyMade, AuditEntry, ProviderAccount, ShareLinkMade, Workspace } from '@ringside/protocol';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type CliRun, cli } from '../../testing/cli.ts';
import { hangup, KEY, type TestServer, temporaryFolder, testServer } from '../../testing/running-server.ts';
import { MAIN } from '../../testing/server-process.ts';

const folder = temporaryFolder();
let server: TestServer;
beforeAll(async () => {
  server = await testServer({ RINGSIDE_DATA: folder.path });
  await server.callback('hangup', 'c-1', hangup('call-1'));
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

/** A command line against the server, with the admin key in the environment. */
const run = (line: string, input: readonly string[] = [], key = KEY): Promise<CliRun> =>
  cli([...line.split(' '), '--url', server.url], { RINGSIDE_ADMIN_KEY: key }, input);

async function json<T>(line: string, input: readonly string[] = [], key = KEY): Promise<T> {
  const { code, out, err } = await run(`${line} --json`, input, key);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out) as T;
}

const statusOf = async (key: string): Promise<number> =>
  (await server.get('/v1/session', { authorization: `Bearer ${key}` })).status;

describe('ringside workspace', () => {
  it('makes, lists, renames, limits, closes and opens one', async () => {
    const made = await run('workspace create acme --name Acme --time-zone Asia/Kolkata --events none --requests 50');
    expect(made).toEqual({
      ...{ code: 0, err: '' },
      out: 'workspace acme was made; its first key: ringside key create --workspace acme\n',
    });
    const key = (await run('key create first --workspace acme --role admin')).out.trim();
    expect((await run('workspace rename acme Bharat')).out).toBe('acme is Bharat now\n');
    const limits = await run('workspace limits acme --key-requests 20');
    expect(limits.out).toBe('acme: requests 50, of a key 20, events none a second\n');
    expect(await json<Workspace[]>('workspace list', [], key)).toMatchObject([
      { id: 'acme', name: 'Bharat', timeZone: 'Asia/Kolkata', closedAt: null },
    ]);

    await run('workspace close acme');
    expect(await statusOf(key)).toBe(401);
    const { out } = await run('workspace list');
    expect(out).toMatch(/^ID +NAME +TIME ZONE +REQUESTS\/S +A KEY +EVENTS\/S +CREATED +CLOSED$/m);
    expect(out).toMatch(/^acme +Bharat +Asia\/Kolkata +50 +20 +none +\d{4}-\d\d-\d\d \d\d:\d\d +\d{4}-/m);
    await run('workspace open acme');
    expect(await statusOf(key)).toBe(200);
  });

  it('aligns its columns, and lets no name steer the terminal', async () => {
    const name = 'Blue\u001b[2J\u202eevil\n';
    await server.send('POST', '/v1/workspaces', { id: 'steer', name: `x${name}x` });
    const { out } = await run('workspace list');
    expect(out).toContain('xBlue�[2J�evil�x');
    const starts = out
      .split('\n')
      .filter(Boolean)
      .map((line) => line.search(/UTC|Asia|TIME/));
    expect(new Set(starts).size).toBe(1);
  });
});

describe('ringside key', () => {
  it('makes a key that is printed once, alone on its line', async () => {
    const { code, out, err } = await run('key create dialer --role operator --scopes ingest read --expires 90d');
    expect(code).toBe(0);
    expect(out).toMatch(/^rsk_[\w-]{43}\n$/);
    expect(err).toMatch(/^key key_\w+ with role operator; it is shown only now:\n$/);
    const keys = await json<ApiKey[]>('key list');
    const made = keys.find(({ name }) => name === 'dialer');
    expect(made).toMatchObject({ role: 'operator', scopes: ['ingest', 'read'], prefix: out.slice(0, 8) });
    expect(Date.parse(made?.expiresAt ?? '') - Date.parse(made?.createdAt ?? '')).toBe(90 * 86_400_000);
    expect(JSON.stringify(keys) + (await run('key list')).out).not.toContain(out.trim());
  });

  it('rotates, with and without time for the old one, and revokes', async () => {
    const first = await json<ApiKeyMade>('key create turning');
    const second = await json<ApiKeyMade>(`key rotate ${first.id} --grace 1h`);
    expect([await statusOf(first.key), await statusOf(second.key)]).toEqual([200, 200]);
    const third = await run(`key rotate ${second.id}`);
    expect(third.err).toContain(`in the place of ${second.id}, which is revoked`);
    expect([await statusOf(second.key), await statusOf(third.out.trim())]).toEqual([401, 200]);
    expect((await run(`key revoke ${first.id}`)).out).toBe(`key ${first.id} is revoked\n`);
    expect(await statusOf(first.key)).toBe(401);
    const { out } = await run('key list');
    expect(out).toMatch(new RegExp(`^${first.id} .* revoked \\d{4}-`, 'm'));
  });
});

describe('ringside share', () => {
  it('makes links to a campaign and to the overview, lists and ends them', async () => {
    const made = await json<ShareLinkMade>('share create c-1 --name Client --expires 12h');
    expect(made).toMatchObject({ campaignId: 'c-1', name: 'Client' });
    expect(Date.parse(made.expiresAt) - Date.parse(made.createdAt)).toBe(12 * 3_600_000);
    const overview = await run('share create');
    expect(overview.out).toMatch(/^http:\S+\/s\/shr_\w+#[\w-]{43}\n$/);
    expect(overview.err).toMatch(/^link shr_\w+ to the overview, until .* UTC; it is shown only now:\n$/);

    const open = () =>
      fetch(`${server.url}/s/${made.id}/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ secret: new URL(made.url).hash.slice(1) }),
      });
    expect((await open()).status).toBe(204);
    expect((await run(`share end ${made.id}`)).out).toBe(`link ${made.id} has ended\n`);
    expect((await open()).status).toBe(404);
    const { out } = await run('share list');
    expect(out).toMatch(new RegExp(`^${made.id} +Client +c-1 .* ended \\d{4}-`, 'm'));
    expect(out).toMatch(/ the overview .* open until \d{4}-/);
  });
});

describe('ringside account', () => {
  it('takes tokens from standard input, and rotates them', async () => {
    const made = await json<ProviderAccount>('account add MACLIENT00000000001 --name Client', ['token-one-1111']);
    const twoTokens = await run(`account add-token ${made.id}`, ['token-two-2222']);
    expect(twoTokens.out).toBe(`account ${made.id} has 2 tokens; all of them count\n`);
    expect((await run('account list')).out).toMatch(/MACLIENT00000000001 +Client +…2222 …1111 .* API$/m);
    await run(`account drop-tokens ${made.id}`);
    const left = (await json<ProviderAccount[]>('account list')).find(({ id }) => id === made.id);
    expect(left?.tokens.map(({ hint }) => hint)).toEqual(['…2222']);
    await run(`account remove ${made.id}`);
    expect((await json<ProviderAccount[]>('account list')).map(({ id }) => id)).toEqual(['configured']);
    const none = await run('account add MACLIENT00000000002');
    expect(none).toMatchObject({ code: 1, err: expect.stringContaining('no auth token was given') });
  });
});

describe('ringside audit', () => {
  it('shows what was done, by action and target', async () => {
    const { id } = await json<ApiKeyMade>('key create audited');
    const { out } = await run(`audit --action key --target ${id}`);
    expect(out).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d +key:env-\S+ +127\.0\.0\.1 +key\.created +key_\S+ +\{"id":"key_/m);
    expect(await json<AuditEntry[]>('audit --limit 2')).toHaveLength(2);
  });

  it('writes the whole log as a file', async () => {
    const ndjson = (await run('audit --export ndjson')).out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(ndjson.at(-1)).toMatchObject({ actor: 'ringside', action: 'key.created' });
    const { out } = await run('audit --export csv');
    const rows: unknown[] = parse(out, { columns: true, bom: true });
    expect(rows).toHaveLength(ndjson.length);
    expect((await run('audit --export csv --action key')).err).toContain('--export writes all of it');
  });
});

describe('a command', () => {
  it('takes its key from a file, from standard input or the environment, and from no flag', async () => {
    const path = join(folder.path, 'key');
    writeFileSync(path, `${KEY}\n`);
    const ask = (flags: string[], env = {}, input: string[] = []) =>
      cli(['workspace', 'list', '--url', server.url, ...flags], env, input);
    expect((await ask(['--key-file', path])).code).toBe(0);
    expect((await ask(['--key-file', '-'], {}, [KEY])).code).toBe(0);
    expect((await ask([], { RINGSIDE_KEY: KEY })).code).toBe(0);
    expect((await ask([])).err).toBe('ringside: an API key is needed: set RINGSIDE_KEY, or give --key-file\n');
    expect((await ask(['--key-file', `${path}.none`])).err).toMatch(/^ringside: --key-file cannot be read: ENOENT/);
    expect((await ask(['--key', KEY])).err).toBe("ringside: unknown option '--key'\n");
    const port = new URL(server.url).port;
    expect((await cli(['workspace', 'list'], { RINGSIDE_ADMIN_KEY: KEY, PORT: port })).code).toBe(0);
  });

  it('says in one line what the server refuses, and ends with 1', async () => {
    const refused = async (line: string, says: RegExp | string, key = KEY) => {
      const { code, out, err } = await run(line, [], key);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toMatch(says);
      expect(err.trimEnd()).not.toContain('\n');
    };
    const { key } = await json<ApiKeyMade>('key create looker --role viewer');
    await refused(
      'key list',
      /^ringside: the server refused \(forbidden\): This needs the permission to administer/,
      key,
    );
    await refused('key list', /\(unauthenticated\)/, 'rsk_wrong');
    await refused('key revoke key_none', /\(key-not-found\)/);
    await refused('share create nobody', /\(campaign-not-found\)/);
    await refused('workspace create -acme', /unknown option/);
    await refused('workspace create a/b', /\(validation-failed\): body\/id/);
    await refused('workspace limits acme', /give --requests, --key-requests or --events/);
    await refused('workspace limits acme --events many', /--events must be a number a second, or none/);
    await refused('key create x --expires soon', /--expires must be a time such as 90d/);
    await refused('key create x --role king', /Allowed choices are viewer, operator, admin/);
    await refused('key', /use: ringside key list\|create\|rotate\|revoke/);
    await refused('key forge', /there is no key forge; use/);
    const nobody = await cli(['key', 'list', '--url', 'http://127.0.0.1:9'], { RINGSIDE_ADMIN_KEY: KEY });
    expect(nobody).toMatchObject({ code: 1, err: expect.stringContaining('http://127.0.0.1:9 cannot be reached') });
  });

  it('does not take another program for a Ringside, nor carry its key on to where that points', async () => {
    const asked: string[] = [];
    const other = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(302, { location: `${server.url}/v1/keys` }).end();
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const { err } = await cli(['key', 'list', '--url', url], { RINGSIDE_ADMIN_KEY: KEY });
    other.close();
    expect(err).toBe(`ringside: ${url} answered 302, and not as Ringside does: see --url and RINGSIDE_URL\n`);
    expect(asked).toEqual(['/v1/keys']);
  });

  it('works as a program whose input stays open', { timeout: 60_000 }, async () => {
    const args = [MAIN, 'account', 'add', 'MAPIPE000000000001', '--url', server.url, '--key-file', '-'];
    const child = spawn(process.execPath, args, { env: { PATH: process.env.PATH ?? '' } });
    onTestFinished(() => void child.kill('SIGKILL'));
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stdin.write(`${KEY}\na-token-of-a-pipe\n`);
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(/^account acc_\w+ \(MAPIPE0+1\) was added\n$/),
    });
  });
});
