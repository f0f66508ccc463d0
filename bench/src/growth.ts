import { CONNECTIONS } from './growth-contest.ts';
import { embeddedGrowth } from './growth-embedded.ts';
import { nodeGrowth } from './growth-nodes.ts';
import { generatorNote } from './lib/interleave.ts';
import type { BenchOptions, BenchResult } from './lib/result.ts';

/**
 * What an event costs while few or many campaigns are active, in both stores, and what several nodes of one PostgreSQL
 * take in together.
 */
export async function benchGrowth(options: BenchOptions): Promise<BenchResult> {
  const embedded = await embeddedGrowth(options);
  const nodes = await nodeGrowth(options);
  return {
    title: `P7 growth: batches of events in \`/v1/events\`, each event of the next campaign, ${CONNECTIONS} connections`,
    columns: [
      'store',
      'nodes',
      'campaigns',
      'events a second',
      'p50 ms',
      'p99 ms',
      'server µs an event',
      'database µs an event',
      'beside',
      'to reach',
      'reached',
    ],
    rows: [...embedded.rows, ...nodes.rows],
    notes: [...embedded.notes, ...nodes.notes, generatorNote([...embedded.runs, ...nodes.runs])],
  };
}
