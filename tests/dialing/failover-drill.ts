import { setTimeout as sleep } from 'node:timers/promises';
import { type Clocks, stepClocks } from '../clock/clocks.ts';
import { begin, type DrillCampaign } from './campaign.ts';
import { type DialingNodes, freeze, startDialingNodes } from './dialing-nodes.ts';
import { type Ending, endingOf } from './ending.ts';
import { DELAYS, type ProviderProcess, startProvider, untilTrue } from './provider-process.ts';

export interface FailoverDrill {
  readonly campaign: DrillCampaign;
  readonly nodes: number;
  /** How often each of the {@link blows} falls. */
  readonly rounds: number;
  /** Before each blow the clock of each node is set to one of these. */
  readonly clocks?: Clocks;
  /** Share of requests that meet each fault. */
  readonly faults: Readonly<Record<string, number>>;
  readonly withinMs: number;
}

export type FailoverResult = Ending['verdict'] & {
  /** How many owners the lease had, one after the other. */
  readonly owners: number;
  /** The longest that the provider heard nothing after each blow. */
  readonly silentMs: Readonly<Partial<Record<BlowName, readonly number[]>>>;
};

interface Ground {
  readonly cluster: DialingNodes;
  readonly provider: ProviderProcess;
}

/** Requests between two blows: at least, and at most. */
const BETWEEN = [30, 90] as const;
const DOZE_MS = [8_000, 12_000] as const;
const DATABASE_FROZEN_MS = 10_000;
const DIALS_AGAIN_WITHIN_MS = 60_000;
/** Requests of the new owner while the one before is still frozen. */
const MEANWHILE = 40;

/** What befalls the nodes. Each leaves all of them running, so that another may follow. */
const blows = {
  async 'owner killed'({ cluster }: Ground) {
    const before = await cluster.owner();
    await before.node.kill();
    await cluster.newOwner(before);
    await before.node.start();
  },
  async 'owner frozen'({ cluster, provider }: Ground) {
    const before = await cluster.owner();
    const thaw = freeze(before.node);
    await cluster.newOwner(before);
    await morePosts(provider, MEANWHILE);
    thaw();
  },
  /** About as long as its lease lasts: it wakes just before or just after somebody else may dial. */
  async 'owner dozes'({ cluster }: Ground) {
    const thaw = freeze((await cluster.owner()).node);
    await sleep(between(DOZE_MS));
    thaw();
  },
  async 'database killed'({ cluster }: Ground) {
    await cluster.postgres.kill();
    await cluster.postgres.restart();
  },
  async 'database frozen'({ cluster }: Ground) {
    cluster.postgres.freeze();
    await sleep(DATABASE_FROZEN_MS);
    cluster.postgres.thaw();
  },
} as const;
type BlowName = keyof typeof blows;
const blowNames = Object.keys(blows) as BlowName[];

/** Dials one campaign with several nodes, of which the one that dials is struck down, and their database too. */
export async function failoverDrill(drill: FailoverDrill): Promise<FailoverResult> {
  const { campaign, nodes, faults, rounds, clocks = [], withinMs } = drill;
  const provider = await startProvider(['--cps', '500', '--requests', '100000', '--speed', '30']);
  const cluster = await startDialingNodes(nodes, provider.url, { PLIVO_CPS: '500' });
  const server = () => cluster.balancerUrl;
  try {
    await begin(server, campaign);
    await provider.fault({ shares: faults, ...DELAYS });
    await morePosts(provider, BETWEEN[0]);
    const first = await cluster.owner();
    const silentMs: Partial<Record<BlowName, number[]>> = {};
    for (let round = 0; round < rounds; round += 1) {
      for (const name of blowNames) {
        await stepClocks(cluster.nodes, clocks);
        silentMs[name] = [...(silentMs[name] ?? []), await strike(name, { cluster, provider })];
      }
    }
    const { verdict } = await endingOf({ provider, url: server }, campaign, withinMs);
    return { ...verdict, owners: (await cluster.owner()).token - first.token + 1, silentMs };
  } finally {
    await cluster.stop();
    provider.stop();
  }
}

/** @returns how long nobody dialed */
async function strike(name: BlowName, ground: Ground): Promise<number> {
  const { provider } = ground;
  await morePosts(provider, between(BETWEEN));
  const at = Date.now();
  await blows[name](ground);
  await morePosts(provider, 1);
  const posts = (await provider.posts()).map((post) => post.at).filter((one) => one >= at);
  return longestGap([at, ...posts]);
}

async function morePosts(provider: ProviderProcess, more: number): Promise<void> {
  const before = (await provider.posts()).length;
  await untilTrue(async () => (await provider.posts()).length >= before + more, DIALS_AGAIN_WITHIN_MS, 50);
}

function longestGap(times: readonly number[]): number {
  return times.reduce((longest, at, place) => Math.max(longest, at - (times[place - 1] ?? at)), 0);
}

function between([least, most]: readonly [number, number]): number {
  return Math.round(least + Math.random() * (most - least));
}
