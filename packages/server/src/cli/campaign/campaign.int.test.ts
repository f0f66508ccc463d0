import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Campaign, TimelineItem } from '@ringside/protocol';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliRun, cli } from '../../testing/cli.ts';
import { KEY, type TestServer, temporaryFolder, testServer } from '../../testing/running-server.ts';

const folder = temporaryFolder();
let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

function file(name: string, text: string): string {
  const path = join(folder.path, name);
  writeFileSync(path, text);
  return path;
}

const people = `number;id;name
+919876543210;a;Asha
12;b;"=HYPERLINK(""x"")"
9876543211;c;Ravi
+919876543210;d;Asha
`;
const list = file('people.csv', people);
const xml = file('answer.xml', '<Response><Hangup/></Response>');
const run = (words: readonly string[], input: readonly string[] = []): Promise<CliRun> =>
  cli([...words, '--url', server.url], { RINGSIDE_ADMIN_KEY: KEY }, input);
const campaign = async (id: string): Promise<Campaign> => (await server.get(`/v1/campaigns/${id}`)).json();
const create = (id: string, ...more: string[]): string[] => [
  ...['campaign', 'create', list, '--id', id, '--name', 'Diwali', '--caller-id', '+918035735659', '+918035735660'],
  ...['--answer-xml', xml, '--country', 'IN', ...more],
];

describe('ringside campaign create', () => {
  it('shows what would be skipped, asks, uploads, and writes down what was left out', async () => {
    const rejects = join(folder.path, 'rejects.csv');
    const { code, out, err } = await run(create('first', '--rejects', rejects), ['y']);
    expect(err).toContain('number → number\n  id → contactId\n  name → attribute');
    expect(err).toContain('2 of 4 rows will be skipped\n  1 invalid-number\n  1 duplicate\n  line 3: ');
    expect(err).toContain('upload 2 contacts?');
    expect({ code, out }).toEqual({
      code: 0,
      out: 'first: 2 contacts added, 2 skipped, 2 on the list; start it with: ringside campaign start first\n',
    });
    const rows = parse(readFileSync(rejects), { columns: true, bom: true }) as { line: string; code: string }[];
    expect(rows.map(({ line, code }) => [line, code])).toEqual([
      ['3', 'invalid-number'],
      ['5', 'duplicate'],
    ]);
    expect(await campaign('first')).toMatchObject({ totalCalls: 2, dialer: 'built-in', phase: 'draft' });
  });

  it('uploads nothing when told not to, or when nobody can be asked', async () => {
    const refused = await run(create('asked'), ['n']);
    expect(refused).toMatchObject({ code: 1, out: '', err: expect.stringContaining('nothing was uploaded') });
    const alone = await run(create('asked'));
    expect(alone).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('nobody can be asked here: give --yes'),
    });
    expect((await campaign('asked')).totalCalls).toBeNull();
  });

  it('declares what the flags say, and starts', async () => {
    const flags = [
      ...['--yes', '--start', '--cps', '2.5', '--concurrency', '10', '--timezone', 'Asia/Kolkata'],
      ...['--retry', '3:30m', '--retry-on', 'busy=5:10m', 'rejected=1', '--ring-timeout', '30s'],
      ...['--window', 'mon-fri 09:00-18:00', 'sun,sat 10:00-14:00', '--holiday', '2026-12-25', '--map', 'name:-'],
    ];
    const { code, out, err } = await run(create('full', ...flags, '--json'));
    expect({ code, err: err.includes('?') }).toEqual({ code: 0, err: false });
    expect(JSON.parse(out)).toMatchObject({ accepted: 2, rejected: 2, columns: { name: '-' } });
    const { status, ...made } = await campaign('full');
    expect(status).toBe('running');
    expect(made).toMatchObject({
      ...{ pace: { callsPerSecond: 2.5, concurrency: 10 }, timezone: 'Asia/Kolkata', totalCalls: 2 },
      dial: { callerIds: ['+918035735659', '+918035735660'], ringTimeoutSeconds: 30 },
      retry: {
        ...{ maxAttempts: 3, delaySeconds: 1_800 },
        outcomes: { busy: { maxAttempts: 5, delaySeconds: 600 }, rejected: { maxAttempts: 1, delaySeconds: 0 } },
      },
      windows: {
        zone: 'campaign',
        weekly: [
          { days: [1, 2, 3, 4, 5], from: '09:00', to: '18:00' },
          { days: [6, 7], from: '10:00', to: '14:00' },
        ],
        holidays: ['2026-12-25'],
      },
    });
  });

  it.each([
    [['campaign', 'create', 'x.csv'], 'needs --id, --name and --caller-id'],
    [create('x', '--window', 'always'), '--window must be days and hours'],
    [create('x', '--retry', 'often'), '--retry must be attempts and delay'],
    [create('x', '--cps', 'fast'), '--cps must be a number'],
    [create('x', '--account', 'nobody'), 'is no provider account of this workspace'],
    [create('x', '--map', 'phone:number'), 'map names “phone”, and there is no such column'],
    [['campaign', 'stop', 'x'], 'there is no campaign stop'],
  ])('says in one line what is wrong with %j', async (words, why) => {
    const { code, out, err } = await run(words, ['y']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(why);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  it('tells what kind of file it takes, and that it cannot read one', async () => {
    const of = (path: string) => run(create('kinds', '--yes').map((word) => (word === list ? path : word)));
    expect((await of(join(folder.path, 'people.xlsx'))).err).toContain('must end in .csv');
    expect((await of(join(folder.path, 'nobody.csv'))).err).toContain('cannot read');
    expect(existsSync(join(folder.path, 'nobody.csv'))).toBe(false);
  });
});

describe('ringside campaign', () => {
  beforeAll(async () => {
    await run(create('driven', '--yes', '--start', '--cps', '2', '--concurrency', '10'));
  });

  it('pauses, resumes and cancels, each after its consequences were shown, with actor and reason', async () => {
    const pause = await run(['campaign', 'pause', 'driven', '--for', '15m', '--reason', 'lunch'], ['y']);
    expect(pause).toMatchObject({ code: 0, out: 'driven is paused: live calls finish, no new ones start\n' });
    expect(pause.err.split('\n')[0]).not.toBe('');
    expect(pause.err).toContain('pause driven?');
    expect((await campaign('driven')).status).toBe('paused');
    expect(await run(['campaign', 'resume', 'driven', '--yes'])).toMatchObject({ code: 0, out: 'driven is resumed\n' });
    const kept = await run(['campaign', 'cancel', 'driven'], ['n']);
    expect(kept).toMatchObject({ code: 1, err: expect.stringContaining('nothing was changed') });
    expect((await campaign('driven')).status).toBe('running');
    await run(['campaign', 'cancel', 'driven', '--yes']);
    const timeline = (await (await server.get('/v1/campaigns/driven/timeline')).json()) as { items: TimelineItem[] };
    const kinds = timeline.items.map(({ kind, reason }) => [kind, reason]);
    expect(kinds).toEqual(
      expect.arrayContaining([
        ['paused', 'lunch'],
        ['resumed', null],
        ['cancelled', null],
      ]),
    );
    const again = await run(['campaign', 'start', 'driven', '--yes']);
    expect(again).toMatchObject({ code: 1, out: '' });
  });

  it('changes the pace, and only what is named', async () => {
    const { err, out } = await run(['campaign', 'pace', 'full', '--cps', '5'], ['y']);
    expect(err).toContain('2.5 calls per second, 10 at a time → 5 calls per second, 10 at a time');
    expect(out).toBe('full dials with 5 calls per second, 10 at a time\n');
    expect((await campaign('full')).pace).toEqual({ callsPerSecond: 5, concurrency: 10 });
  });
});
