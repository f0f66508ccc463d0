import { RingsideClient } from '@ringside/client';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { natsServer, startNats, type TestNats } from '../../packages/server/src/testing/nats.ts';
import { KEY } from '../../packages/server/src/testing/running-server.ts';
import type { ServerProcess } from '../../packages/server/src/testing/server-process.ts';
import { attemptsOf, authorization, type Cluster, callsOf, register, startCluster } from './cluster.ts';
import { Sender, sendHangup } from './sender.ts';

const BUS_DOWN_SECONDS = Number(process.env.BUS_DOWN_SECONDS ?? 4);
const PER_SECOND = Number(process.env.PER_SECOND ?? 100);
const TAKEOVER_MS = 15_000;

let cluster: Cluster;
let nats: TestNats | null = null;
afterEach(async () => {
  await cluster.stop();
  await nats?.stop();
  nats = null;
});

const urlOf = (at: number): string => cluster.nodes[at]?.url ?? '';

async function owner(): Promise<{ pid: number; token: number }> {
  const [row] = await cluster.postgres.query(cluster.databaseUrl, "SELECT * FROM leases WHERE name = 'upkeep'");
  return { pid: Number(/-(\d+)-[0-9a-f]+$/.exec(String(row?.owner))?.[1]), token: Number(row?.token) };
}

function nodeOf(pid: number): ServerProcess {
  const node = cluster.nodes.find(({ child }) => child.pid === pid);
  if (!node) throw new Error(`no node is process ${pid}`);
  return node;
}

describe('three nodes', () => {
  it('count a callback once that reaches all of them at the same moment', async () => {
    cluster = await startCluster(3);
    await register(urlOf(0), ['c']);
    const calls = Array.from({ length: 200 }, (_, n) => `call-${n}`);
    const statuses = await Promise.all(
      calls.flatMap((id) => [0, 1, 2].map((at) => sendHangup(urlOf(at), 'c', id, 1 + Number(id.split('-')[1])))),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect((await callsOf(urlOf(1), ['c'])).size).toBe(calls.length);
    for (const at of [0, 1, 2]) {
      const answer = await fetch(`${urlOf(at)}/v1/campaigns/c/report`, { headers: authorization });
      const { progress, callMetrics } = (await answer.json()) as {
        progress: { attempts: number };
        callMetrics: { totalDuration: number };
      };
      expect([progress.attempts, callMetrics.totalDuration]).toEqual([200, (200 * 201) / 2]);
    }
  });

  it('lose nothing that was acknowledged when one is killed, and pass on the work that one node does', {
    timeout: 90_000,
  }, async () => {
    cluster = await startCluster(3);
    await register(urlOf(0), ['c']);
    const first = await owner();
    const sender = new Sender(() => cluster.balancerUrl, ['c']);
    sender.start(PER_SECOND);
    await expect.poll(() => sender.sent.acknowledged.size, { timeout: 20_000 }).toBeGreaterThan(PER_SECOND);
    nodeOf(first.pid).child.kill('SIGKILL');
    const killedAt = performance.now();
    await expect.poll(async () => (await owner()).token, { timeout: TAKEOVER_MS, interval: 100 }).toBe(first.token + 1);
    const seconds = (performance.now() - killedAt) / 1_000;
    const { acknowledged, refused } = await sender.stop();
    const survivor = nodeOf((await owner()).pid);
    const stored = await callsOf(survivor.url, ['c']);
    expect([...acknowledged].filter(([id, duration]) => stored.get(id) !== duration)).toEqual([]);
    expect(await attemptsOf(survivor.url, ['c'])).toBe(stored.size);
    console.log(
      `killed: work taken over after ${seconds.toFixed(1)} s; ${acknowledged.size} acknowledged, 0 lost, ${refused.length} cut off`,
    );
  });

  it('pass on the work of a node that is frozen, which does not go on with it when it wakes', {
    timeout: 90_000,
  }, async () => {
    cluster = await startCluster(2);
    const first = await owner();
    const frozen = nodeOf(first.pid);
    frozen.child.kill('SIGSTOP');
    await expect.poll(async () => (await owner()).token, { timeout: TAKEOVER_MS, interval: 100 }).toBe(first.token + 1);
    frozen.child.kill('SIGCONT');
    await expect.poll(async () => (await fetch(`${frozen.url}/readyz`)).status, { timeout: 10_000 }).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    const after = await owner();
    expect([after.token, after.pid]).not.toContain(first.pid);
    expect(after.token).toBe(first.token + 1);
  });
});

describe.skipIf(!natsServer)('three nodes whose NATS is killed', () => {
  it('take in and report as before, and their viewers are right again within two seconds of its return', {
    timeout: 90_000 + BUS_DOWN_SECONDS * 1_000,
  }, async () => {
    nats = await startNats();
    cluster = await startCluster(3, { NATS_URL: nats.url });
    await register(urlOf(0), ['c']);
    const client = new RingsideClient({ url: urlOf(2), key: KEY, WebSocket });
    const live = client.subscribe({ campaignId: 'c' });
    const shown = (): number => live.current.value?.progress.attempts ?? 0;
    const sender = new Sender(() => urlOf(0), ['c']);
    sender.start(PER_SECOND);
    await expect.poll(shown, { timeout: 10_000 }).toBeGreaterThan(0);
    await nats.kill();
    const until = performance.now() + BUS_DOWN_SECONDS * 1_000;
    let furthestBehind = 0;
    while (performance.now() < until) {
      const acknowledged = sender.sent.acknowledged.size;
      const at = performance.now();
      await expect.poll(shown, { timeout: 5_000, interval: 20 }).toBeGreaterThanOrEqual(acknowledged);
      furthestBehind = Math.max(furthestBehind, performance.now() - at);
      // The sender lives in this process too.
      await new Promise((next) => setTimeout(next, 50));
    }
    await nats.restart();
    const { acknowledged, refused } = await sender.stop();
    const endedAt = performance.now();
    await expect.poll(shown, { timeout: 10_000, interval: 20 }).toBe(acknowledged.size);
    const right = performance.now() - endedAt;
    expect(refused).toEqual([]);
    expect(await attemptsOf(urlOf(1), ['c'])).toBe(acknowledged.size);
    live.close();
    console.log(
      `NATS away ${BUS_DOWN_SECONDS} s at ${PER_SECOND}/s: 0 of ${acknowledged.size} refused; a viewer of another node was` +
        ` at most ${Math.round(furthestBehind)} ms behind meanwhile, right ${Math.round(right)} ms after the last callback`,
    );
  });
});
