import type { CampaignList, EventInput } from '@ringside/protocol';
import type { BenchOptions } from './lib/result.ts';
import { endedCalls, type Ringside } from './lib/ringside.ts';
import type { LoadResult } from './load/load.ts';
import { runLoad } from './load/run-load.ts';

/** In all, whatever the number of nodes: what a batch takes is then comparable. */
export const CONNECTIONS = 8;
const STARTED_AT_ONCE = 500;
const WARM_SECONDS = 2;
const ASKED_AT_ONCE = 16;
const PAGE = 200;
/** So an answer says that an event waits in a spool. */
const QUEUED = '"result":"queued"';

/** Nodes of one store, and the campaigns that they are sent events of. */
export interface Situation {
  readonly name: string;
  readonly nodes: readonly Ringside[];
  readonly campaigns: readonly string[];
  /** Events of a request: each the end of another call, and of the next campaign. */
  readonly batch: number;
  /** More events than they take in a second. */
  readonly mostPerSecond: number;
  /** Processor seconds of the database that is a process of its own, if there is one. */
  readonly databaseCpu: (() => Promise<number>) | null;
}

/** What a run cost, beside what it brought. */
export interface GrowthResult extends LoadResult {
  /** Events of one answer. */
  readonly batch: number;
  /** Microseconds of processor that an event took in all nodes together. */
  readonly nodeMicros: number;
  /** The same of the database. */
  readonly databaseMicros: number | null;
}

export type GrowthRuns = readonly GrowthResult[];

/** Sends as fast as it is answered, warm-up and window, and reads what processor time all of it took. */
export async function runSituation(
  { nodes, campaigns, batch, mostPerSecond, databaseCpu }: Situation,
  { seconds }: BenchOptions,
): Promise<GrowthResult> {
  const [first] = nodes;
  if (!first) throw new Error('there is no node to send to');
  const cpu = async () => ({ nodes: cpuOf(nodes), database: (await databaseCpu?.()) ?? null });
  const before = await cpu();
  const result = await runLoad({
    url: nodes.map(({ url }) => url),
    traffic: {
      kind: 'events',
      campaigns,
      key: first.key,
      count: mostPerSecond * (WARM_SECONDS + seconds),
      batch,
      byTurn: { perSecond: mostPerSecond },
    },
    connections: CONNECTIONS,
    warmSeconds: WARM_SECONDS,
    seconds,
    repeat: false,
    status: 200,
    remark: QUEUED,
  });
  const after = await cpu();
  const micros = (used: number): number => (used * 1e6) / (result.answered * batch);
  return {
    ...result,
    batch,
    nodeMicros: micros(after.nodes - before.nodes),
    databaseMicros: before.database === null ? null : micros((after.database ?? Number.NaN) - before.database),
  };
}

function cpuOf(nodes: readonly Ringside[]): number {
  return nodes.reduce((sum, node) => sum + node.cpuSeconds(), 0);
}

/** Registers campaigns and starts them. */
export async function startCampaigns(ringside: Ringside, ids: readonly string[]): Promise<void> {
  const waiting = [...ids];
  const register = async (): Promise<void> => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      await ringside.register({ id, totalCalls: 10_000_000 });
    }
  };
  await Promise.all(Array.from({ length: ASKED_AT_ONCE }, register));
  const at = new Date(Date.now() - 60_000).toISOString();
  for (let from = 0; from < ids.length; from += STARTED_AT_ONCE) {
    const events = ids.slice(from, from + STARTED_AT_ONCE).map((campaignId): EventInput => {
      return { type: 'campaign', campaignId, at, change: 'started' };
    });
    await ringside.ask('POST', '/v1/events', { events });
  }
}

/** A figure counts only if what it counts was kept: the reports must add up to what was acknowledged. */
export async function mustHaveKept({ ask }: Ringside, runs: readonly GrowthRuns[]): Promise<number> {
  const acknowledged = runs.flat().reduce((sum, { answered, batch }) => sum + answered * batch, 0);
  let counted = 0;
  let cursor: string | null = null;
  do {
    const after = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = (await ask('GET', `/v1/campaigns?limit=${PAGE}${after}`)) as CampaignList;
    for (const { summary } of page.items) counted += endedCalls(summary);
    cursor = page.nextCursor;
  } while (cursor !== null);
  if (counted !== acknowledged)
    throw new Error(`${acknowledged} events were acknowledged, but ${counted} are reported`);
  return counted;
}
