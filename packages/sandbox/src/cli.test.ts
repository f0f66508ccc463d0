import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runAll, runCli } from './cli.ts';
import { realEffects } from './effects.ts';
import { parseOptions } from './options.ts';
import { authToken, eventsIn } from './testing/plivo-inbox.ts';
import { type Answer, type Received, type StubServer, startStub } from './testing/stub-server.ts';

let stub: StubServer | undefined;

afterEach(async () => {
  await stub?.close();
  stub = undefined;
});

async function cli(argv: string, answer?: (request: Received) => Answer, stop = new AbortController()) {
  stub = await startStub(answer);
  const lines: string[] = [];
  const errors: string[] = [];
  const env = { RINGSIDE_URL: stub.url, RINGSIDE_KEY: 'key', PLIVO_AUTH_ID: 'MA1', PLIVO_AUTH_TOKEN: authToken };
  const code = await runCli(argv.split(' ').filter(Boolean), env, {
    out: (line) => lines.push(line),
    err: (line) => errors.push(line),
    signal: stop.signal,
    effects: { ...realEffects, sleep: async () => undefined },
  });
  return { code, lines, errors, received: stub.received };
}

const changes = (received: readonly Received[], change: string) =>
  eventsIn(received).filter((event) => event.change === change).length;

describe('the program', () => {
  it('waits for the server, runs campaigns side by side and says what it did', async () => {
    let asked = 0;
    const { code, lines, errors, received } = await cli(
      '--preset steady,small-list --contacts 12 --backfill 300',
      ({ path }) => (path === '/healthz' && ++asked < 3 ? { status: 503 } : undefined),
    );
    expect({ code, errors }).toEqual({ code: 0, errors: [] });
    expect(asked).toBe(3);
    expect(lines[0]).toMatch(
      /^steady-\d{8}-\d{6}-1\.1 {2}“Diwali offer” starts: 12 contacts, 20 calls at once, began 300 min ago$/,
    );
    expect(lines[1]).toMatch(/^small-list-\d{8}-\d{6}-2\.1 {2}“Call-backs” starts/);
    expect(lines.slice(2).join('\n')).toMatch(
      /steady-\S+ {2}finished: \d+ calls, [\d.]+ % answered, \d+ contacts reached/,
    );
    expect(lines).toHaveLength(4);
    expect(changes(received, 'completed')).toBe(2);
  });

  it('goes on with new campaigns under new names when it loops, until stopped', async () => {
    const stop = new AbortController();
    const { code, lines, received } = await cli(
      '--loop --contacts 3 --backfill 300 --speed 10000',
      ({ body }) => {
        if (body.includes('"completed"') && body.includes('-1.3')) stop.abort();
        return undefined;
      },
      stop,
    );
    expect(code).toBe(0);
    expect(lines.filter((line) => line.includes('starts'))).toEqual([
      expect.stringContaining('-1.1  “Diwali offer” starts: 3 contacts, 20 calls at once, began 300 min ago'),
      expect.stringMatching(/-1\.2 {2}“Diwali offer 2” starts: 3 contacts, 20 calls at once$/),
      expect.stringContaining('-1.3  “Diwali offer 3”'),
    ]);
    expect(changes(received, 'started')).toBe(3);
  });

  it('appends the record of each campaign to a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
    const file = join(folder, 'record.ndjson');
    await cli(`--preset steady,evening --contacts 4 --backfill 300 --record ${file}`);
    const records = (await readFile(file, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records).toHaveLength(2);
    for (const record of records) expect(record.totals.attempts).toBe(record.calls.length);
    await rm(folder, { recursive: true });
  });

  it('serves call-detail records, also when its campaigns are over, until it is stopped', async () => {
    const stop = new AbortController();
    const folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
    const file = join(folder, 'record.ndjson');
    const lines: string[] = [];
    stub = await startStub();
    const env = { RINGSIDE_URL: stub.url, RINGSIDE_KEY: 'key', PLIVO_AUTH_ID: 'MA1', PLIVO_AUTH_TOKEN: authToken };
    const argv = `--contacts 3 --backfill 300 --drop 1 --cdr-port 0 --record ${file}`.split(' ');
    const ended = runCli(argv, env, { out: (line) => lines.push(line), err: () => undefined, signal: stop.signal });
    await expect.poll(() => readFile(file, 'utf8').catch(() => ''), { timeout: 10_000 }).not.toBe('');
    const [url] = /http:\/\/[\d.]+:\d+/.exec(lines[0] ?? '') ?? [];
    const [call] = JSON.parse(await readFile(file, 'utf8')).calls;
    const headers = { authorization: `Basic ${Buffer.from(`MA1:${authToken}`).toString('base64')}` };
    const response = await fetch(`${url}/v1/Account/MA1/Call/${call.callUuid}/`, { headers });
    expect(await response.json()).toMatchObject({ call_uuid: call.callUuid, hangup_cause_code: call.code });
    stop.abort();
    expect(await ended).toBe(0);
    await expect(fetch(`${url}/`)).rejects.toThrow();
    await rm(folder, { recursive: true });
  });

  it('ends with one line when the key is refused', async () => {
    const { code, errors } = await cli('', ({ path }) => (path === '/v1/campaigns' ? { status: 401 } : undefined));
    expect({ code, errors }).toEqual({ code: 1, errors: ['The server refused the API key (401).'] });
  });

  it('says once that callbacks are refused, and why that may be', async () => {
    const refuse = { status: 403, body: '{"code":"signature-invalid"}' };
    const { code, errors } = await cli('--contacts 5 --backfill 300', ({ path }) =>
      path.startsWith('/plivo') ? refuse : undefined,
    );
    expect(code).toBe(0);
    expect(errors).toEqual([
      expect.stringMatching(/^The hangup of call \S+ did not arrive: answered 403 .* --auth-token/),
    ]);
  });

  it('ends with one line when there is no server', async () => {
    const { code, errors } = await cli('--wait 0', () => ({ status: 503 }));
    expect(code).toBe(1);
    expect(errors).toEqual([expect.stringMatching(/^No server answers at http\S+ after 0 s\.$/)]);
  });

  it.each([
    ['another program', { status: 200, body: 'welcome' }, 1],
    ['Ringside', { status: 200, body: '{"status":"ok","service":"ringside"}' }, 0],
  ])('asks an address that nobody gave whether Ringside is there: %s', async (_who, health, expected) => {
    stub = await startStub(({ path }) => (path === '/healthz' ? health : undefined));
    const parsed = parseOptions(['--contacts', '1', '--backfill', '300'], {
      ...{ RINGSIDE_KEY: 'key', PLIVO_AUTH_ID: 'MA1', PLIVO_AUTH_TOKEN: authToken },
    });
    if (parsed.kind !== 'run') throw new Error(JSON.stringify(parsed));
    expect(parsed.settings.urlIsGiven).toBe(false);
    const errors: string[] = [];
    const terminal = { out: () => undefined, err: (line: string) => errors.push(line) };
    const signal = new AbortController().signal;
    const code = await runAll({ ...parsed.settings, url: stub.url }, { ...terminal, signal });
    const keys = stub.received.filter(({ headers }) => headers.authorization !== undefined);
    expect({ code, isKeySent: keys.length > 0 }).toEqual({ code: expected, isKeySent: expected === 0 });
    const refusal = `${stub.url} does not answer as Ringside does, so no key was sent: give --url or RINGSIDE_URL.`;
    expect(errors).toEqual(expected === 0 ? [] : [refusal]);
  });

  it('ends with one line when it cannot use what it is told', async () => {
    const { code, errors, received } = await cli('--drop 7');
    expect({ code, errors }).toEqual({ code: 1, errors: ['--drop must be a number from 0 to 1, not "7".'] });
    expect(received).toEqual([]);
  });

  it('prints its help', async () => {
    const { code, lines } = await cli('--help');
    expect(code).toBe(0);
    expect(lines[0]).toContain('Usage: ringside-sandbox');
  });
});
