import { figures, generatorNote, interleave, type Runs, ratio } from './lib/interleave.ts';
import { median, shown } from './lib/numbers.ts';
import { type BenchOptions, type BenchResult, verdict } from './lib/result.ts';
import { startPeer } from './lib/start-peer.ts';
import type { LoadResult } from './load/load.ts';
import { runLoad } from './load/run-load.ts';
import { type Pair, type Poller, startPollContest } from './polls-contest.ts';

const SMALL = 1_000;
const connectionCounts = [64, 256] as const;
const WARM_SECONDS = 1;
const LEAST_OF_BARE = 0.8;
const DRIFT = 0.2;
const LEAST_OF_COUNTING = 5_000;

/** Report polls a second at few and at many stored calls, against the same bytes without the work, and against SQL. */
export async function benchPolls(options: BenchOptions): Promise<BenchResult> {
  const sizes = [SMALL, options.calls];
  const contest = await startPollContest(sizes, options);
  const rows: string[][] = [];
  const all: Runs[] = [];
  const best = sizes.map(() => 0);
  try {
    const pollers = contest.pairs.flatMap(({ ringside, peer }) => [ringside, peer]);
    for (const connections of connectionCounts) {
      options.say(`polls: ${connections} connections`);
      const runs = await interleave(pollers, options, (poller) => polls(poller, connections, options));
      all.push(...runs);
      rows.push(...contest.pairs.flatMap((pair, index) => pairRows(pair, index, runs, connections)));
      sizes.forEach((_, index) => {
        best[index] = Math.max(best[index] ?? 0, median((runs[index * 2] ?? []).map(({ perSecond }) => perSecond)));
      });
    }
    const idle = await Promise.all(contest.pairs.slice(-1).map((pair) => contest.finish(pair)));
    const [unchanged = []] = await interleave(idle, options, (poller) => polls(poller, 64, options));
    rows.push(['64', shown(options.calls), 'Ringside, 304 by If-None-Match', ...figures(unchanged), '', '', '']);
    all.push(unchanged);
  } finally {
    await contest.stop();
  }
  const counting = await countOnRead(sizes, best, options);
  return {
    title: 'P2 polls: GET /v1/campaigns/:id/report',
    columns: ['connections', 'calls', 'who', 'a second', 'p50 ms', 'p99 ms', 'Ringside is', 'to reach', 'reached'],
    rows: [...rows, ...counting.rows],
    notes: [...contest.notes, counting.note, generatorNote(all)],
  };
}

function polls(
  { url, campaign, key, etag }: Poller,
  connections: number,
  { seconds }: BenchOptions,
): Promise<LoadResult> {
  return runLoad({
    url,
    traffic: { kind: 'polls', campaign, key, etag },
    connections,
    warmSeconds: WARM_SECONDS,
    seconds,
    repeat: true,
    status: etag === null ? 200 : 304,
  });
}

/** @param runs of Ringside and the peer for each size in turn, the smallest first */
function pairRows(
  { calls, ringside, peer }: Pair,
  index: number,
  runs: readonly Runs[],
  connections: number,
): string[][] {
  const [small = [], ours = [], theirs = []] = [runs[0], runs[index * 2], runs[index * 2 + 1]];
  const start = [String(connections), shown(calls)];
  const drift = ratio(ours, small);
  const times = ratio(ours, theirs);
  const isSteady = verdict(`${1 - DRIFT} to ${1 + DRIFT} × the ${shown(SMALL)}`, Math.abs(drift - 1) <= DRIFT);
  const compared = index === 0 ? ['', '', ''] : [`${shown(drift)} ×`, ...isSteady];
  return [
    [...start, ringside.name, ...figures(ours), ...compared],
    [
      ...start,
      peer.name,
      ...figures(theirs),
      `${shown(times)} ×`,
      ...verdict(`≥ ${LEAST_OF_BARE} ×`, times >= LEAST_OF_BARE),
    ],
  ];
}

/** Runs when Ringside has stopped, so the query has both cores. @param best polls a second by size */
async function countOnRead(
  sizes: readonly number[],
  best: readonly number[],
  { say }: BenchOptions,
): Promise<{ rows: string[][]; note: string }> {
  say('polls: counting on read in PostgreSQL');
  const postgres = await startPeer('count-on-read', { token: '' });
  try {
    const rows: string[][] = [];
    for (const [index, calls] of sizes.entries()) {
      const ms = await postgres.ask(String(calls));
      const times = ((best[index] ?? 0) * ms) / 1_000;
      const judged = index === 0 ? ['', ''] : verdict(`≥ ${shown(LEAST_OF_COUNTING)} ×`, times >= LEAST_OF_COUNTING);
      const each = [shown(1_000 / ms), shown(ms), ''];
      rows.push(['1', shown(calls), 'count and sum on read, PostgreSQL', ...each, `${shown(times)} ×`, ...judged]);
    }
    return { rows, note: `Counting on read: ${postgres.settings}.` };
  } finally {
    await postgres.stop();
  }
}
