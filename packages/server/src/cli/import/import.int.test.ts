import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '@ringside/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CliRun, cli } from '../../testing/cli.ts';
import { csvOf, documentsOf, pastHangups } from '../../testing/past-calls.ts';
import { KEY, type TestServer, temporaryFolder, testServer } from '../../testing/running-server.ts';
import { comparable } from '../../testing/same-report.ts';
import { MAIN, startProcess } from '../../testing/server-process.ts';
import { makeKey } from '../../testing/workspace.ts';

const T0 = Math.floor(Date.now() / 60_000) * 60_000 - 6 * 3_600_000;
const forms = pastHangups(80, 'past', T0);

let data: ReturnType<typeof temporaryFolder>;
let server: TestServer;
beforeAll(async () => {
  data = temporaryFolder();
  server = await testServer({ RINGSIDE_DATA: data.path });
  await Promise.all(forms.map((form) => server.callback('hangup', 'live', form)));
});
afterAll(async () => {
  await server.stop();
  data.remove();
});

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

function file(name: string, content: string): string {
  const path = join(folder.path, name);
  writeFileSync(path, content);
  return path;
}

const importTo = (...flags: string[]): Promise<CliRun> =>
  cli(['import', ...flags, '--url', server.url], { RINGSIDE_KEY: KEY });

/** The reports of several campaigns, evaluated at one clock. */
async function reportsOf(base: string, ...campaignIds: string[]) {
  for (;;) {
    const headers = { authorization: `Bearer ${KEY}` };
    const reports = await Promise.all(
      campaignIds.map(async (id) => {
        const response = await fetch(`${base}/v1/campaigns/${id}/report?recent=100`, { headers });
        return (await response.json()) as Report;
      }),
    );
    if (new Set(reports.map(({ asOf }) => asOf)).size > 1) continue;
    return reports.map(comparable);
  }
}

describe('ringside import', () => {
  it('makes the report that the callbacks of the same calls made', async () => {
    const csv = file('calls.csv', csvOf(forms));
    const { code, out } = await importTo(csv, '--campaign', 'from-csv', '--zone', 'Asia/Kolkata');
    expect(out).toMatch(/^80 rows in .*: 80 imported, 0 known already, 0 bad$/m);
    expect(code).toBe(0);
    const [live, imported] = await reportsOf(server.url, 'live', 'from-csv');
    expect(imported).toEqual(live);
    expect(live?.progress.attempts).toBe(80);
    expect(live?.callMetrics.totalDuration).toBeGreaterThan(1_000);
  });

  it('reads documents of a host under its own names, each to the campaign that it names', async () => {
    const ndjson = file('calls.ndjson', documentsOf(forms, 'from-documents'));
    expect(await importTo(ndjson, '--zone', 'Asia/Kolkata')).toMatchObject({ code: 0 });
    const [live, imported] = await reportsOf(server.url, 'live', 'from-documents');
    expect(imported).toEqual(live);
  });

  it('derives the zone of a Plivo document from the document itself', async () => {
    const ndjson = file('raw.ndjson', forms.map((form) => JSON.stringify({ ...form, campId: 'raw' })).join('\r\n'));
    expect(await importTo(ndjson)).toMatchObject({ code: 0 });
    const [live, imported] = await reportsOf(server.url, 'live', 'raw');
    expect(imported).toEqual(live);
  });

  it('changes nothing the second time', async () => {
    const csv = file('twice.csv', csvOf(forms));
    const flags = [csv, '--campaign', 'twice', '--zone', 'Asia/Kolkata'];
    await importTo(...flags);
    const [before] = await reportsOf(server.url, 'twice');
    const version = (await server.report('twice')).version;
    expect((await importTo(...flags)).out).toMatch(/: 0 imported, 80 known already, 0 bad$/m);
    expect(await reportsOf(server.url, 'twice')).toEqual([before]);
    expect((await server.report('twice')).version).toBe(version);
  });

  it('stays beneath what was told live, whichever came first, though it tells of a later end', async () => {
    const csv = file('ranked.csv', csvOf([{ ...forms[0], Duration: '999' }]));
    for (const order of ['import-first', 'event-first']) {
      const bring = () => importTo(csv, '--campaign', order, '--zone', 'Asia/Kolkata');
      if (order === 'import-first') expect((await bring()).code).toBe(0);
      const about = { campaignId: order, callId: 'past-000000', at: new Date(T0 + 10_000).toISOString() };
      const events = [{ type: 'ended', ...about, status: 'completed', duration: 13 }];
      expect((await server.send('POST', '/v1/events', { events })).status).toBe(200);
      if (order !== 'import-first') expect((await bring()).code).toBe(0);
      expect((await server.report(order)).callMetrics.totalDuration).toBe(13);
    }
  });

  it('takes events of /v1/events as they are', async () => {
    const about = { campaignId: 'events', callId: 'e-1', to: '+919876543210' };
    const lines = [
      { type: 'initiated', ...about, at: new Date(T0).toISOString() },
      { type: 'ended', ...about, at: new Date(T0 + 60_000).toISOString(), status: 'completed', duration: 50 },
      { type: 'lead', ...about, at: new Date(T0 + 61_000).toISOString(), leadStatus: 'hot' },
      { type: 'campaign', campaignId: 'events', at: new Date(T0 + 70_000).toISOString(), change: 'completed' },
    ];
    const ndjson = file('events.ndjson', lines.map((line) => JSON.stringify(line)).join('\n'));
    expect((await importTo(ndjson)).code).toBe(0);
    const report = await server.report('events');
    expect(report).toMatchObject({ phase: 'completed', progress: { attempts: 1 }, leads: { hot: 1 } });
  });

  it('registers the campaign, keeps verdicts and people, and ends it with its last call', async () => {
    const rows = [
      'id,phone,start,stop,talk,verdict,who',
      'a,9876543210,2025-08-07 15:00:00,2025-08-07T15:01:00,50,Hot,ann',
    ];
    rows.push('b,9876543211,2025-08-07 15:02:00,2025-08-07 15:02:20+05:30,0,no-answer,bob');
    const csv = file('own.csv', rows.join('\n'));
    const map = [
      'callId=id',
      'startTime=start',
      'endTime=stop',
      'duration=talk',
      'leadStatus=verdict',
      'contactId=who',
    ];
    const codes = ['--map', ...map, '--zone', 'Asia/Kolkata', '--name', 'August', '--country', 'IN', '--completed'];
    const run = await importTo(csv, '--campaign', 'own', ...codes);
    // The second row says nothing of how the call ended.
    expect(run.err).toContain('line 3: status is missing');
    expect(await server.report('own')).toMatchObject({
      campaignName: 'August',
      phase: 'completed',
      leads: { hot: 1 },
      timeline: { startTime: '2025-08-07T09:30:00Z' },
      recentActivity: [{ number: '+919876543210', duration: 50 }],
    });
  });

  it('tells bad rows by line and reason, keeps them in a file, and keeps the others', async () => {
    const [header = '', first = '', second = '', ...rest] = csvOf(forms).trim().split('\n');
    const spoiled = [header, first.replace(/"2\d{3}-[^"]*"/, '"yesterday"'), `${second},"one too many"`, ...rest];
    const csv = file('bad.csv', spoiled.join('\n'));
    const { code, out, err } = await importTo(csv, '--campaign', 'bad', '--zone', 'Asia/Kolkata');
    expect(code).toBe(0);
    expect(err).toMatch(/^line 2: \w+Time "yesterday" is not a time such as 2025-08-07 15:30:00$/m);
    expect(err).toMatch(/^line 3: has another number of columns than the header$/m);
    expect(out).toMatch(/: 78 imported, 0 known already, 2 bad$/m);
    const rejects = readFileSync(`${csv}.rejects.ndjson`, 'utf8').trim().split('\n');
    expect(rejects.map((line) => (JSON.parse(line) as { line: number }).line)).toEqual([2, 3]);
    expect((await server.report('bad')).progress.attempts).toBe(78);
  });

  it('stores no row by halves', async () => {
    const [form] = pastHangups(1, 'half', T0);
    const csv = file(
      'half.csv',
      csvOf([
        { ...form, TotalCost: 'much' },
        { ...form, StartTime: '2999-01-01 00:00:00', EndTime: '2999-01-01 00:01:00', AnswerTime: '' },
      ]),
    );
    const { code, err } = await importTo(csv, '--campaign', 'half', '--zone', 'UTC');
    expect(err).toMatch(/line 2: cost "much" is not a decimal/);
    expect(err).toMatch(/line 3: at lies more than 5 minutes ahead/);
    expect(code).toBe(1);
    expect((await server.get('/v1/campaigns/half/report')).status).toBe(404);
  });

  it('shows with --dry-run what it would do, and does nothing', async () => {
    const csv = file('dry.csv', `${csvOf(forms.slice(0, 5))}"x"\n`);
    const { code, out } = await importTo(csv, '--campaign', 'dry', '--zone', 'Asia/Kolkata', '--dry-run');
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}startTime +← StartTime$/m);
    expect(out).toMatch(/^ {2}campaignId +← always dry \(--campaign\)$/m);
    expect(out).toMatch(/not used: .*CallerName|not used: .*BillRate/);
    const stored = out.split('\n').filter((line) => line.startsWith('  {'));
    expect(JSON.parse(stored[0] ?? '')).toMatchObject({
      type: 'initiated',
      callId: 'past-000000',
      at: new Date(T0).toISOString(),
    });
    expect(out).toMatch(/^line 4:$/m);
    expect(out).not.toMatch(/^line 5:$/m);
    expect(out).toContain('5 rows can be imported, 1 cannot.');
    expect(readdirSync(folder.path)).toEqual(['dry.csv']);
    expect((await server.get('/v1/campaigns/dry')).status).toBe(404);
  });

  it('says in one line what cannot be', async () => {
    const csv = file('calls.csv', csvOf(forms));
    const lines: [string[], RegExp][] = [
      [[join(folder.path, 'none.csv')], /^ringside: cannot read .*none\.csv/],
      [[file('array.json', '[{}]')], /^ringside: .* is one JSON array/],
      [[csv, '--zone', 'Mars'], /^ringside: --zone must be/],
      [[csv, '--map', 'colour=x'], /^ringside: --map colour=x: there is no such field/],
      [[csv, '--campaign', 'a b'], /^ringside: --campaign must be/],
    ];
    for (const [flags, line] of lines) {
      const { code, err } = await importTo(...flags);
      expect(err).toMatch(line);
      expect({ code, lines: err.trim().split('\n').length }).toEqual({ code: 1, lines: 1 });
    }
    const wrongKey = await cli(['import', csv, '--campaign', 'x', '--url', server.url], { RINGSIDE_KEY: 'wrong' });
    expect(wrongKey.err).toMatch(/^ringside: the server at .* refused: /);
  });

  it('takes RINGSIDE_URL for --url, but a folder on the command line wins', async () => {
    const csv = file('where.csv', csvOf(forms));
    const into = (campaign: string, ...flags: string[]) =>
      cli(['import', csv, '--campaign', campaign, ...flags], { RINGSIDE_URL: server.url, RINGSIDE_KEY: KEY });
    expect((await into('by-environment')).code).toBe(0);
    expect((await server.get('/v1/campaigns/by-environment')).status).toBe(200);
    expect((await into('by-folder', '--data-dir', join(folder.path, 'store'))).code).toBe(0);
    expect((await server.get('/v1/campaigns/by-folder')).status).toBe(404);
  });

  it('needs a key with role admin', async () => {
    const operator = await makeKey(server, { role: 'operator' });
    const ingest = await makeKey(server, { role: 'admin', scopes: ['ingest'] });
    const event = { type: 'initiated', campaignId: 'role', callId: '1', at: new Date(T0).toISOString() };
    const send = async (key: string, query: string) => {
      const headers = { authorization: `Bearer ${key}` };
      return (await server.send('POST', `/v1/events${query}`, { events: [event] }, headers)).status;
    };
    expect(await send(operator.key, '?source=import')).toBe(403);
    expect(await send(ingest.key, '?source=import')).toBe(403);
    expect(await send(ingest.key, '')).toBe(200);
    expect(await send(KEY, '?source=import')).toBe(200);
    expect(await send(KEY, '?source=cdr')).toBe(400);
  });
});

describe('ringside import into the data folder', () => {
  it('gives the same report, and refuses while a server has the store', async () => {
    const csv = file('calls.csv', csvOf(forms));
    const offline = join(folder.path, 'data');
    const flags = ['import', csv, '--campaign', 'live', '--zone', 'Asia/Kolkata', '--data-dir'];
    expect(await cli([...flags, data.path])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^ringside: a server has the store/),
    });
    mkdirSync(offline);
    expect(await cli([...flags, offline])).toMatchObject({ code: 0 });
    const other = await testServer({ RINGSIDE_DATA: offline });
    for (;;) {
      const [[live], [imported]] = await Promise.all([reportsOf(server.url, 'live'), reportsOf(other.url, 'live')]);
      if (live?.nextPollMs !== imported?.nextPollMs) continue;
      expect(imported).toEqual(live);
      break;
    }
    await other.stop();
    expect((await cli(['doctor', '--data-dir', offline])).out).toContain('1 campaign with 80 calls: equal');
  });
});

describe('an import that is killed', () => {
  it('goes on where it stopped, and comes to the same report', { timeout: 90_000 }, async () => {
    const many = pastHangups(6_000, 'many', T0 - 18 * 3_600_000);
    const lines = csvOf(many).split('\n');
    for (let at = 5_900; at > 0; at -= 190) lines.splice(at, 0, 'bad,row');
    const csv = file('many.csv', lines.join('\n'));
    const whole = file('whole.csv', lines.join('\n'));
    await importTo(whole, '--campaign', 'whole', '--zone', 'Asia/Kolkata');
    const flags = [csv, '--campaign', 'killed', '--zone', 'Asia/Kolkata'];

    const child = spawn(process.execPath, [MAIN, 'import', ...flags, '--url', server.url], {
      stdio: 'ignore',
      env: { ...process.env, RINGSIDE_KEY: KEY },
    });
    const gone = new Promise((resolve) => child.once('exit', resolve));
    while (!existsSync(`${csv}.import.json`) && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 2));
    child.kill('SIGKILL');
    await gone;
    expect(existsSync(`${csv}.import.json`), 'it was killed before its end').toBe(true);
    expect((await server.report('killed')).progress.attempts).toBeLessThan(6_000);

    const resumed = await importTo(...flags, '--resume');
    expect(resumed.err).toMatch(/^Going on after row [\d,]+\.$/m);
    expect(resumed.out).toMatch(/^6,032 rows in .* 32 bad$/m);
    expect(resumed.code).toBe(0);
    const [killed, once] = await reportsOf(server.url, 'killed', 'whole');
    expect(killed).toEqual(once);
    expect(killed?.progress.attempts).toBe(6_000);
    expect(readFileSync(`${csv}.rejects.ndjson`, 'utf8')).toBe(readFileSync(`${whole}.rejects.ndjson`, 'utf8'));
    expect(existsSync(`${csv}.import.json`)).toBe(false);
  });

  it('does not go on with another file', async () => {
    const csv = file('changed.csv', csvOf(forms));
    writeFileSync(`${csv}.import.json`, JSON.stringify({ fingerprint: 'other', rejectsBytes: 0, counts: {} }));
    const { code, err } = await importTo(csv, '--campaign', 'changed', '--resume');
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('changed since') });
    expect(statSync(`${csv}.import.json`).size).toBeGreaterThan(0);
  });
});

describe('the program', () => {
  it('starts the server without a command, with serve, and by flags', async () => {
    for (const words of [[], ['serve']]) {
      const running = await startProcess(
        join(folder.path, `d${words.length}`),
        {},
        [],
        [...words, '--log-level', 'silent'],
      );
      expect((await fetch(`${running.url}/healthz`)).status).toBe(200);
      running.child.kill('SIGTERM');
      expect(await running.ended).toMatchObject({ code: 0, stderr: '' });
    }
    const wrong = await startProcess(folder.path, {}, [], ['--port', 'http']);
    expect(await wrong.ended).toMatchObject({ code: 1, stderr: 'ringside: --port must be a port from 0 to 65535\n' });
  });

  it('does not let two servers have one store', async () => {
    const first = await startProcess(join(folder.path, 'one'));
    const second = await startProcess(join(folder.path, 'one'));
    expect(await second.ended).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^ringside: cannot open the store in .*another Ringside process has it\n$/),
    });
    first.child.kill('SIGKILL');
    await first.ended;
    const third = await startProcess(join(folder.path, 'one'));
    expect(third.url).not.toBe('');
    third.child.kill('SIGTERM');
    await third.ended;
  });

  it('lists commands and settings, and no secret as a flag', async () => {
    const { out, code } = await cli(['--help']);
    expect(code).toBe(0);
    for (const text of ['serve', 'doctor', 'import', 'RINGSIDE_DATA', '--data-dir', 'PLIVO_AUTH_TOKEN'])
      expect(out).toContain(text);
    expect(out).not.toContain('--plivo-auth-token');
    expect(await cli(['bogus'])).toMatchObject({
      code: 1,
      err: 'ringside: there is no command bogus: see ringside --help\n',
    });
    expect(await cli(['doctor', '--bogus'])).toMatchObject({ code: 1, err: "ringside: unknown option '--bogus'\n" });
  });
});
