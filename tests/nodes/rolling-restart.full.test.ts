import { RingsideClient } from '@ringside/client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { KEY } from '../../packages/server/src/testing/running-server.ts';
import { attemptsOf, type Cluster, callsOf, register, startCluster } from './cluster.ts';
import { Sender } from './sender.ts';

const ROUNDS = Number(process.env.ROUNDS ?? 1);
const PER_SECOND = Number(process.env.PER_SECOND ?? 100);
const VIEWERS = 10;
const CAMPAIGNS = ['one', 'two', 'three'];

let cluster: Cluster;
beforeEach(async () => {
  cluster = await startCluster(3, { DRAIN_SECONDS: '2' });
});
afterEach(() => cluster.stop());

it('loses no callback and no version when three nodes are restarted one after the other', {
  timeout: 60_000 + ROUNDS * 60_000,
}, async () => {
  const { balancerUrl } = cluster;
  await register(balancerUrl, CAMPAIGNS);
  const clients = Array.from({ length: VIEWERS }, () => new RingsideClient({ url: balancerUrl, key: KEY, WebSocket }));
  const seen = clients.map((client, at) => watch(client, CAMPAIGNS[at % CAMPAIGNS.length] ?? ''));
  const sender = new Sender(() => balancerUrl, CAMPAIGNS);
  sender.start(PER_SECOND);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let at = 0; at < 3; at += 1) await cluster.restart(at);
  }
  const { acknowledged, refused } = await sender.stop();
  expect(refused).toEqual([]);
  const stored = await callsOf(balancerUrl, CAMPAIGNS);
  expect(stored).toEqual(acknowledged);
  expect(await attemptsOf(balancerUrl, CAMPAIGNS)).toBe(acknowledged.size);
  // Whatever node a viewer is at by now, it shows the last version, and none went back on the way.
  for (const [at, view] of seen.entries()) {
    const expected = [...acknowledged.keys()].filter((id) => Number(id.split('-')[1]) % 3 === at % 3).length;
    await expect.poll(() => view.attempts(), { timeout: 10_000 }).toBe(expected);
    expect(view.wentBack).toEqual([]);
    view.close();
  }
  console.log(`${3 * ROUNDS} restarts at ${PER_SECOND}/s: ${acknowledged.size} acknowledged, 0 refused, 0 lost`);
});

/** What a page shows of a campaign. */
function watch(client: RingsideClient, campaignId: string) {
  const live = client.subscribe({ campaignId });
  const wentBack: string[] = [];
  let last = 0;
  void (async () => {
    for await (const { progress } of live) {
      const { attempts } = progress;
      if (attempts < last) wentBack.push(`${last} → ${attempts}`);
      last = attempts;
    }
  })();
  return { attempts: () => last, wentBack, close: () => live.close() };
}
