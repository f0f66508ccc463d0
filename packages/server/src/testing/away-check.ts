import type { TestPostgres } from './postgres.ts';
import { KEY } from './running-server.ts';
import { startProcess } from './server-process.ts';
import { sendSteadily } from './steady-callbacks.ts';

/** How PostgreSQL goes away. */
export type Way = 'killed' | 'stopped' | 'frozen';

export interface AwayPlan {
  readonly way: Way;
  readonly perSecond: number;
  readonly seconds: number;
}

/** What became of callbacks that came all the while. */
export interface AwayResult {
  readonly refused: Readonly<Record<string, number>>;
  readonly acknowledged: number;
  /** Acknowledged, but in no list. */
  readonly lost: readonly string[];
  /** Counted, but never acknowledged; a call that is counted twice is among them. */
  readonly surplus: number;
  readonly mostRecords: number;
  /** From the moment PostgreSQL was back until nothing waited, while callbacks kept coming. */
  readonly drainedSeconds: number;
  /** The longest that a sender waited. */
  readonly slowestMs: number;
}

interface SpoolStatus {
  readonly records: number;
  readonly isAway: boolean;
}

const CAMPAIGNS = Array.from({ length: 10 }, (_, n) => `away-${n}`);
const BEFORE_MS = 2_000;
const LOOK_EVERY_MS = 50;
const DRAIN_WITHIN_MS = 120_000;

/** A real server over a real PostgreSQL that goes away and comes back, under a steady stream of signed callbacks. */
export async function checkAway(postgres: TestPostgres, dataDir: string, plan: AwayPlan): Promise<AwayResult> {
  const server = await startProcess(dataDir, { DATABASE_URL: await postgres.database() });
  try {
    const end = sendSteadily(server.url, plan.perSecond, CAMPAIGNS);
    await pause(BEFORE_MS);
    await goAway(postgres, plan.way);
    await pause(plan.seconds * 1_000);
    const mostRecords = (await spoolOf(server.url)).records;
    await comeBack(postgres, plan.way);
    const back = performance.now();
    await untilDrained(server.url);
    const drainedSeconds = (performance.now() - back) / 1000;
    const { acknowledged, refused, slowest } = await end();
    await untilDrained(server.url);
    const listed = new Set<string>();
    let counted = 0;
    for (const campaign of CAMPAIGNS) {
      for (const id of await callIdsOf(server.url, campaign)) listed.add(id);
      counted += await attemptsOf(server.url, campaign);
    }
    return {
      refused: Object.fromEntries(refused),
      acknowledged: acknowledged.size,
      lost: [...acknowledged].filter((id) => !listed.has(id)),
      surplus: counted - acknowledged.size,
      mostRecords,
      drainedSeconds: Math.round(drainedSeconds * 10) / 10,
      slowestMs: Math.round(slowest),
    };
  } finally {
    server.child.kill('SIGTERM');
    await server.ended;
  }
}

function goAway(postgres: TestPostgres, way: Way): Promise<void> {
  if (way === 'killed') return postgres.kill();
  if (way === 'stopped') return postgres.shutDown();
  return Promise.resolve(postgres.freeze());
}

function comeBack(postgres: TestPostgres, way: Way): Promise<void> {
  return way === 'frozen' ? Promise.resolve(postgres.thaw()) : postgres.restart();
}

async function untilDrained(url: string): Promise<void> {
  for (const deadline = Date.now() + DRAIN_WITHIN_MS; ; ) {
    const { records, isAway } = await spoolOf(url);
    if (records === 0 && !isAway) return;
    if (Date.now() > deadline) throw new Error(`the spool still holds ${records} records`);
    await pause(LOOK_EVERY_MS);
  }
}

async function spoolOf(url: string): Promise<SpoolStatus> {
  const answer = await fetch(`${url}/readyz`);
  return ((await answer.json()) as { spool: SpoolStatus }).spool;
}

async function callIdsOf(url: string, campaignId: string): Promise<string[]> {
  const text = await (await asked(url, `/v1/campaigns/${campaignId}/calls.ndjson`)).text();
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { callUUID: string }).callUUID);
}

async function attemptsOf(url: string, campaignId: string): Promise<number> {
  const report = await (await asked(url, `/v1/campaigns/${campaignId}/report`)).json();
  return (report as { progress: { attempts: number } }).progress.attempts;
}

const asked = (url: string, path: string) => fetch(url + path, { headers: { authorization: `Bearer ${KEY}` } });

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
