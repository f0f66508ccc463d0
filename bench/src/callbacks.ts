import { type Contest, campaigns, type Receiver, startContest } from './callbacks-contest.ts';
import { answersIn, figures, generatorNote, interleave, type Runs, ratio } from './lib/interleave.ts';
import { median, shown } from './lib/numbers.ts';
import { type BenchOptions, type BenchResult, verdict } from './lib/result.ts';
import { endedCalls, type Ringside } from './lib/ringside.ts';
import type { LoadResult } from './load/load.ts';
import { runLoad } from './load/run-load.ts';

/** The targets are about the first. */
const connectionCounts = [256, 64] as const;
const WARM_SECONDS = 2;
const BATCH = 500;
const BATCH_CONNECTIONS = 8;
const MOST_P99_MS = 100;
const MOST_EVENTS_A_SECOND = 40_000;

/** Plivo callbacks a second: signature checked, folded and durable before the answer, against three other receivers. */
export async function benchCallbacks(options: BenchOptions): Promise<BenchResult> {
  const contest = await startContest(options);
  const { ringside, receivers } = contest;
  try {
    const runs: Runs[][] = [];
    for (const connections of connectionCounts) {
      options.say(`callbacks: ${connections} connections`);
      runs.push(
        await interleave(receivers, options, (receiver) => hangups(receiver, connections, ringside.token, options)),
      );
    }
    options.say('callbacks: batches of events');
    const batches = (await interleave([{ name: 'Ringside' }], options, () => events(ringside, options)))[0] ?? [];
    const calls = await verify(contest, runs, batches);
    return {
      title: 'P1 callbacks: signed Plivo hangups of distinct calls, over 10 campaigns',
      columns: ['connections', 'who', 'a second', 'p50 ms', 'p99 ms', 'Ringside is', 'to reach', 'reached'],
      rows: [
        ...connectionCounts.flatMap((connections, index) => rowsOf(receivers, runs[index] ?? [], connections)),
        [
          `${BATCH_CONNECTIONS}`,
          `Ringside, events by ${BATCH} in \`/v1/events\``,
          ...figures(batches, BATCH),
          '',
          '',
          '',
        ],
      ],
      notes: [
        `Ringside's reports count all ${shown(calls)} calls that it acknowledged; peer C has a row for each of its own.`,
        generatorNote([...runs.flat(), batches]),
        ...contest.settings,
      ],
    };
  } finally {
    await contest.stop();
  }
}

function hangups(
  receiver: Receiver,
  connections: number,
  token: string,
  { seconds }: BenchOptions,
): Promise<LoadResult> {
  const count = receiver.mostPerSecond * (WARM_SECONDS + seconds);
  return runLoad({
    url: receiver.url,
    traffic: { kind: 'hangups', campaigns, token, count, perSecond: receiver.mostPerSecond },
    connections,
    warmSeconds: WARM_SECONDS,
    seconds,
    repeat: receiver.keepsNothing,
    status: 200,
  });
}

function events({ url, key }: Ringside, { seconds }: BenchOptions): Promise<LoadResult> {
  const count = MOST_EVENTS_A_SECOND * (WARM_SECONDS + seconds);
  return runLoad({
    url,
    traffic: { kind: 'events', campaigns, key, count, batch: BATCH },
    connections: BATCH_CONNECTIONS,
    warmSeconds: WARM_SECONDS,
    seconds,
    repeat: false,
    status: 200,
  });
}

function rowsOf(receivers: Contest['receivers'], runs: readonly Runs[], connections: number): string[][] {
  const isJudged = connections === connectionCounts[0];
  const ours = runs[0] ?? [];
  return receivers.map(({ name, least }, index) => {
    const theirs = runs[index] ?? [];
    const row = [String(connections), name, ...figures(theirs)];
    if (index === 0) {
      const p99 = median(ours.map((run) => run.p99));
      return [...row, '', ...(isJudged ? verdict(`p99 ≤ ${MOST_P99_MS} ms`, p99 <= MOST_P99_MS) : ['', ''])];
    }
    const times = ratio(ours, theirs);
    const judged = isJudged && least !== null ? verdict(`≥ ${least} ×`, times >= least) : ['', ''];
    return [...row, `${shown(times)} ×`, ...judged];
  });
}

/** Counts what was kept. @returns calls that Ringside acknowledged, and that its reports count */
async function verify({ ringside, countRows }: Contest, runs: readonly Runs[][], batches: Runs): Promise<number> {
  const [ours, , , theirs] = [0, 1, 2, 3].map((index) => answersIn(runs.flatMap((all) => all[index] ?? [])));
  const acknowledged = (ours ?? 0) + answersIn(batches) * BATCH;
  const reports = await Promise.all(campaigns.map((id) => ringside.report(id)));
  const counted = reports.reduce((sum, report) => sum + endedCalls(report), 0);
  if (counted !== acknowledged) throw new Error(`${acknowledged} calls were acknowledged, but ${counted} are reported`);
  const rows = await countRows();
  if (rows !== theirs) throw new Error(`peer C acknowledged ${theirs} calls, but has ${rows} rows`);
  return counted;
}
