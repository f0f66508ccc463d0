import { randomBytes } from 'node:crypto';
import { median, percentile, shown } from './lib/numbers.ts';
import { type BenchOptions, type BenchResult, verdict } from './lib/result.ts';
import { type Ringside, startRingside } from './lib/ringside.ts';
import type { PacedResult, Stream, StreamResult } from './load/pace.ts';
import { readyPaced } from './load/run-load.ts';

/** What the noisy workspace may have a second: requests, and events by API and, apart from them, by signed callbacks. */
const LIMIT = 200;
const BATCH = 20;
/** What the quiet workspace asks a second, of each kind. */
const QUIET_PACE = 100;
const QUIET_CALLS = 1_000;
const WARM_SECONDS = 1;
/** Connections of each stream, beside those of signed callbacks that wait. */
const LINES = 64;
const MOST_RATIO = 1.2;
const NOISY_NICENESS = 10;

/** How many times its limit the noisy workspace asks for. */
const situations = [1, 10] as const;

interface Tenant {
  readonly workspace: string;
  readonly key: string;
  readonly authId: string;
  readonly token: string;
}

interface Round {
  readonly quiet: PacedResult;
  readonly noisy: PacedResult;
}

/** How a quiet workspace fares beside one that stays at its limit, and beside the same one that asks for ten times as much. */
export async function benchNeighbours(options: BenchOptions): Promise<BenchResult> {
  const ringside = await startRingside(options.profileTo);
  try {
    const quiet = await tenant(ringside, 'quiet', null);
    const noisy = await tenant(ringside, 'noisy', LIMIT);
    await ringside.ask('POST', '/v1/events', { events: pastCalls() }, quiet.key);
    const runs = await interleaved(ringside, quiet, noisy, options);
    const [beside = [], besideTenfold = []] = runs;
    return {
      title: 'S14 neighbours: a quiet workspace beside a noisy one',
      columns: ['who', 'asks for', 'a second', 'p50 ms', 'p99 ms', 'p99 is', 'to reach', 'reached', 'answered'],
      rows: [
        ...quietStreams(quiet, 1).flatMap(({ name }, index) => quietRows(name, index, beside, besideTenfold)),
        ...situations.flatMap((times, situation) => noisyRows(noisy, times, runs[situation] ?? [])),
      ],
      notes: [
        `The noisy workspace may have ${LIMIT} requests and ${LIMIT} events a second; its events by API come by ${BATCH}.`,
        'Its load generator gives way to the server; "a second" says whether it kept its pace all the same.',
        'Answers of the noisy one are those of all rounds; signed callbacks that wait for their share are answered in the end.',
      ],
    };
  } finally {
    await ringside.stop();
  }
}

/** Each round begins with the other situation, so that a drift of the machine hits both alike. */
async function interleaved(
  ringside: Ringside,
  quiet: Tenant,
  noisy: Tenant,
  { rounds, seconds, say }: BenchOptions,
): Promise<Round[][]> {
  const runs: Round[][] = situations.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < situations.length; turn += 1) {
      const situation = (round + turn) % situations.length;
      const result = await runRound(ringside, quiet, noisy, situations[situation] ?? 1, seconds);
      runs[situation]?.push(result);
      const p99s = result.quiet.map((stream) => shown(percentileOf(stream, 0.99))).join(' and ');
      say(`round ${round + 1}: beside ${situations[situation]} × its limit: p99 of polls and callbacks ${p99s} ms`);
    }
  }
  return runs;
}

async function runRound(
  ringside: Ringside,
  quiet: Tenant,
  noisy: Tenant,
  times: number,
  seconds: number,
): Promise<Round> {
  await limit(ringside, noisy, LIMIT);
  const load = { url: ringside.url, warmSeconds: WARM_SECONDS, seconds };
  const loads = await Promise.all([
    readyPaced({ ...load, streams: quietStreams(quiet, seconds) }, 0),
    readyPaced({ ...load, streams: noisyStreams(noisy, times, seconds) }, NOISY_NICENESS),
  ]);
  try {
    const [first, second] = loads.map((each) => each.run()) as [Promise<PacedResult>, Promise<PacedResult>];
    second.catch(() => {});
    const ofQuiet = await first;
    // What the noisy one still waits for is taken in now, so that the next round does not begin with it.
    await limit(ringside, noisy, null);
    const result = { quiet: ofQuiet, noisy: await second };
    mustBeRight(result);
    return result;
  } finally {
    for (const each of loads) each.end();
  }
}

function mustBeRight({ quiet, noisy }: Round): void {
  for (const { statuses } of quiet) {
    if (Object.keys(statuses).some((status) => status !== '200'))
      throw new Error(`the quiet workspace was answered ${answers([statuses])}`);
  }
  if (noisy.some(({ withoutRetryAfter }) => withoutRetryAfter > 0))
    throw new Error('the noisy workspace was refused without Retry-After');
  if (noisy.at(-1)?.statuses[429]) throw new Error('a signed callback was answered 429');
}

async function tenant({ ask }: Ringside, workspace: string, eventsPerSecond: number | null): Promise<Tenant> {
  const limits = { requestsPerSecond: eventsPerSecond, keyRequestsPerSecond: null, eventsPerSecond };
  await ask('POST', '/v1/workspaces', { id: workspace, limits });
  const { key } = (await ask('POST', '/v1/keys', { name: 'Bench', role: 'admin', workspace })) as { key: string };
  const account = { authId: `MA${workspace.toUpperCase()}`.padEnd(20, '0'), token: randomBytes(20).toString('hex') };
  await ask('POST', '/v1/provider-accounts', account, key);
  const campaign = { id: 'bench', name: 'Bench', totalCalls: 1_000_000, defaultCountry: 'IN', currency: 'USD' };
  await ask('POST', '/v1/campaigns', campaign, key);
  return { workspace, key, ...account };
}

async function limit({ ask }: Ringside, { workspace }: Tenant, eventsPerSecond: number | null): Promise<void> {
  await ask('PATCH', `/v1/workspaces/${workspace}`, { limits: { eventsPerSecond } });
}

function pastCalls(): object[] {
  return Array.from({ length: QUIET_CALLS }, (_, index) => ({
    type: 'ended',
    campaignId: 'bench',
    callId: `past-${index}`,
    at: new Date(Date.now() - index * 1_000).toISOString(),
    to: `+9198765${String(index).padStart(5, '0')}`,
    status: 'busy',
    duration: 0,
    hangupCode: 3010,
  }));
}

function quietStreams(tenant: Tenant, seconds: number): Stream[] {
  return [polls(tenant, QUIET_PACE), callbacks(tenant, QUIET_PACE, seconds)];
}

/** The signed callbacks come last. */
function noisyStreams(tenant: Tenant, times: number, seconds: number): Stream[] {
  const { key } = tenant;
  const perSecond = LIMIT * times;
  const count = perSecond * (WARM_SECONDS + seconds);
  return [
    polls(tenant, perSecond),
    {
      name: '`/v1/events`',
      perSecond: perSecond / BATCH,
      lines: LINES,
      traffic: { kind: 'events', campaigns: ['bench'], key, count, batch: BATCH },
    },
    callbacks(tenant, perSecond, seconds, LINES + (perSecond - LIMIT) * (WARM_SECONDS + seconds)),
  ];
}

function polls({ key }: Tenant, perSecond: number): Stream {
  return { name: 'polls', perSecond, lines: LINES, traffic: { kind: 'polls', campaign: 'bench', key, etag: null } };
}

function callbacks({ token, ...own }: Tenant, perSecond: number, seconds: number, lines = LINES): Stream {
  const count = perSecond * (WARM_SECONDS + seconds);
  return {
    name: 'signed callbacks',
    perSecond,
    lines,
    traffic: { kind: 'hangups', campaigns: ['bench'], token, count, perSecond, own },
  };
}

function quietRows(name: string, index: number, beside: readonly Round[], besideTenfold: readonly Round[]): string[][] {
  const pick = (rounds: readonly Round[]): StreamResult[] => rounds.flatMap(({ quiet }) => quiet[index] ?? []);
  const p99s = [pick(beside), pick(besideTenfold)].map((runs) => runs.map((run) => percentileOf(run, 0.99)));
  const ratio = median((p99s[1] ?? []).map((p99, round) => p99 / (p99s[0]?.[round] ?? Number.NaN)));
  return situations.map((times, situation) => {
    const runs = pick(situation === 0 ? beside : besideTenfold);
    const judged =
      situation === 0 ? ['', '', ''] : [`${shown(ratio)} ×`, ...verdict(`≤ ${MOST_RATIO} ×`, ratio <= MOST_RATIO)];
    return [
      `quiet, beside ${times} ×`,
      name,
      ...figures(runs),
      ...judged,
      answers(runs.map(({ statuses }) => statuses)),
    ];
  });
}

function noisyRows(tenant: Tenant, times: number, rounds: readonly Round[]): string[][] {
  return noisyStreams(tenant, times, 0).map(({ name }, index) => {
    const runs = rounds.flatMap(({ noisy }) => noisy[index] ?? []);
    return [`noisy, ${times} ×`, name, ...figures(runs), '', '', '', answers(runs.map(({ statuses }) => statuses))];
  });
}

function figures(runs: readonly StreamResult[]): [string, string, string] {
  const of = (pick: (run: StreamResult) => number): string => shown(median(runs.map(pick)));
  return [of(({ perSecond }) => perSecond), of((run) => percentileOf(run, 0.5)), of((run) => percentileOf(run, 0.99))];
}

function percentileOf({ latencies }: StreamResult, part: number): number {
  return percentile(Float64Array.from(latencies).sort(), part);
}

function answers(all: readonly StreamResult['statuses'][]): string {
  const statuses = [...new Set(all.flatMap((each) => Object.keys(each)))].sort();
  return statuses
    .map((status) => `${status}: ${shown(all.reduce((sum, each) => sum + (each[status] ?? 0), 0))}`)
    .join(', ');
}
