import { type GrowthRuns, mustHaveKept, runSituation, type Situation, startCampaigns } from './growth-contest.ts';
import { type GrowthPart, growth, growthRow } from './growth-table.ts';
import { interleave } from './lib/interleave.ts';
import { shown } from './lib/numbers.ts';
import type { BenchOptions } from './lib/result.ts';
import { type Ringside, startRingside } from './lib/ringside.ts';
import { watchOverview } from './load/watch-overview.ts';

/** Active campaigns of the three servers. */
const sizes = [1, 1_000, 10_000] as const;
const BATCH = 500;
const MOST_EVENTS_A_SECOND = 30_000;

/** The embedded store: three servers side by side, each run with one of them; then again with somebody who looks on. */
export async function embeddedGrowth(options: BenchOptions): Promise<GrowthPart> {
  const servers: Ringside[] = [];
  try {
    const situations: Situation[] = [];
    for (const size of sizes) {
      options.say(`growth: a server; campaigns: ${shown(size)}`);
      const ringside = await startRingside(options.profileTo);
      servers.push(ringside);
      situations.push(await situationOf(ringside, size));
    }
    const alone = await interleave(situations, options, (one) => runSituation(one, options));
    const watched = await interleave(situations, options, (one) => runWatched(one, options));
    let kept = 0;
    for (const [index, server] of servers.entries()) {
      kept += await mustHaveKept(server, [alone[index] ?? [], watched[index] ?? []]);
    }
    return {
      rows: [
        ...sizes.map((size, index) => rowOf(shown(size), alone, index, index > 0)),
        ...sizes.map((size, index) => rowOf(`${shown(size)}, with a viewer of the overview`, watched, index, false)),
      ],
      notes: [
        `SQLite: by ${BATCH}, each the end of another call, in which it is placed, answered and over.`,
        `The three servers report all ${shown(kept)} calls whose end they acknowledged.`,
      ],
      runs: [...alone, ...watched],
    };
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

async function situationOf(ringside: Ringside, size: number): Promise<Situation> {
  const campaigns = Array.from({ length: size }, (_, index) => `bench-${index}`);
  await startCampaigns(ringside, campaigns);
  const name = `SQLite, campaigns: ${shown(size)}`;
  return { name, nodes: [ringside], campaigns, batch: BATCH, mostPerSecond: MOST_EVENTS_A_SECOND, databaseCpu: null };
}

async function runWatched(situation: Situation, options: BenchOptions) {
  const stops = await Promise.all(situation.nodes.map(({ url, key }) => watchOverview(url, key)));
  try {
    return await runSituation(situation, options);
  } finally {
    for (const stop of stops) stop();
  }
}

function rowOf(campaigns: string, runs: readonly GrowthRuns[], index: number, isJudged: boolean): string[] {
  const [ofOne = []] = runs;
  const own = runs[index] ?? [];
  const beside = index === 0 ? ['', '', ''] : growth(ofOne, own, isJudged);
  return growthRow({ store: 'SQLite', nodes: 1, campaigns, runs: own }, beside);
}
