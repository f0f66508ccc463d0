import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import {
  type GrowthResult,
  type GrowthRuns,
  mustHaveKept,
  runSituation,
  type Situation,
  startCampaigns,
} from './growth-contest.ts';
import { type GrowthPart, growth, growthRow, speedup } from './growth-table.ts';
import { interleave } from './lib/interleave.ts';
import { shown } from './lib/numbers.ts';
import type { BenchOptions } from './lib/result.ts';
import { type Cluster, type Ringside, startRingside } from './lib/ringside.ts';
import { type Peer, startPeer } from './lib/start-peer.ts';

const nodeCounts = [1, 2, 4] as const;
const MANY = 1_000;
const SEVERAL = 100;
/**
 * So few wait at once that none waits for a second: after that a node puts what comes into its spool, and the figures
 * would be those of a file.
 */
const BATCH = 50;
const TRIES = 3;
const DRAINED_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 200;
const MOST_EVENTS_A_SECOND = 15_000;

/** How many nodes are written to, and of how many campaigns. */
interface Shape {
  readonly nodes: number;
  readonly size: number;
}

const shapes: readonly Shape[] = [
  ...nodeCounts.map((nodes) => ({ nodes, size: SEVERAL })),
  ...nodeCounts.map((nodes) => ({ nodes, size: 1 })),
  { nodes: 1, size: MANY },
];

/** Nodes of one PostgreSQL, all of them running; each run writes to some of them. */
export async function nodeGrowth(options: BenchOptions): Promise<GrowthPart> {
  options.say('growth: PostgreSQL and its nodes');
  const database = await startPeer('database', { token: '' });
  const nodes: Ringside[] = [];
  try {
    const cluster: Cluster = {
      databaseUrl: database.url,
      adminKey: randomBytes(24).toString('base64url'),
      secretKey: randomBytes(32).toString('base64'),
    };
    const first = await startRingside(options.profileTo, cluster);
    nodes.push(first);
    while (nodes.length < Math.max(...nodeCounts)) nodes.push(await startRingside(options.profileTo, cluster));
    const situations = shapes.map((shape) => situationOf(shape, nodes, database));
    for (const size of new Set(shapes.map((shape) => shape.size))) await startCampaigns(first, idsOf(size));
    await drained(first);
    const spooled: GrowthResult[] = [];
    const runs = await interleave(situations, options, (one) => runUnspooled(one, spooled, options));
    const kept = await mustHaveKept(first, [...runs, spooled]);
    return {
      rows: shapes.map((shape, index) => rowOf(shape, runs[index] ?? [], runs)),
      notes: [
        `PostgreSQL: by ${BATCH}. ${database.settings}, TCP. The nodes report all ${shown(kept)} calls whose end they acknowledged.`,
        `Runs in which a node put something into its spool are none of PostgreSQL: ${spooled.length} were done again.`,
        'Nodes, database and load generator share the processors of the one machine: where those are all in use, a ' +
          'further node can add nothing, and the figures say what several nodes cost rather than what they bring.',
      ],
      runs,
    };
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
    await database.stop();
  }
}

function situationOf({ nodes: count, size }: Shape, nodes: readonly Ringside[], database: Peer): Situation {
  return {
    name: `PostgreSQL, nodes: ${count}, campaigns: ${shown(size)}`,
    nodes: nodes.slice(0, count),
    campaigns: idsOf(size),
    batch: BATCH,
    mostPerSecond: MOST_EVENTS_A_SECOND,
    databaseCpu: () => database.ask('cpu'),
  };
}

/** Runs until nothing had to wait in a spool, a few times. @param spooled where the runs go that were in vain */
async function runUnspooled(
  situation: Situation,
  spooled: GrowthResult[],
  options: BenchOptions,
): Promise<GrowthResult> {
  for (let tries = 1; ; tries += 1) {
    const result = await runSituation(situation, options);
    await Promise.all(situation.nodes.map(drained));
    if (result.remarked === 0 || tries === TRIES) return result;
    spooled.push(result);
    options.say(`${situation.name}: a batch was not stored within a second, and went into the spool; once more`);
  }
}

/** Waits until a node has handed over what is in its spool. */
async function drained({ ask }: Ringside): Promise<void> {
  const until = performance.now() + DRAINED_WITHIN_MS;
  for (;;) {
    const { spool } = (await ask('GET', '/readyz')) as { spool: { isAway: boolean } };
    if (!spool.isAway) return;
    if (performance.now() > until) throw new Error('a node did not empty its spool');
    await setTimeout(LOOK_EVERY_MS);
  }
}

function idsOf(size: number): string[] {
  return Array.from({ length: size }, (_, index) => `of-${size}-${index}`);
}

function rowOf({ nodes, size }: Shape, runs: GrowthRuns, all: readonly GrowthRuns[]): string[] {
  const runsOf = (wanted: Shape): GrowthRuns =>
    all[shapes.findIndex((shape) => shape.nodes === wanted.nodes && shape.size === wanted.size)] ?? [];
  const beside =
    nodes > 1
      ? speedup(runsOf({ nodes: 1, size }), runs)
      : size > 1
        ? growth(runsOf({ nodes, size: 1 }), runs, false)
        : ['', '', ''];
  return growthRow({ store: 'PostgreSQL', nodes, campaigns: size === 1 ? '1, hot' : shown(size), runs }, beside);
}
