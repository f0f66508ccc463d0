import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { begin, control } from '../dialing/campaign.ts';
import { type DialingNodes, startDialingNodes } from '../dialing/dialing-nodes.ts';
import { type ProviderProcess, startProvider } from '../dialing/provider-process.ts';
import { onScene } from '../dialing/scene.ts';
import { dialsOn, type Obeyed, obeyed } from './obeyed.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const patience = { timeout: 240_000 };
const pace = { callsPerSecond: 25, concurrency: 100, maxAttempts: 1 };
const BETWEEN = 15;

describe('a server whose clock is stepped while it dials', () => {
  const steps = [0, -2 * HOUR_MS, -2 * HOUR_MS - 15 * SECOND_MS, 2 * HOUR_MS, 0];

  it('sends nothing later than a second after a pause or a cancel, and dials on after a resume', patience, async () => {
    const told: Obeyed[] = await onScene(
      { speed: 120, accountCallsPerSecond: 50 },
      async ({ provider, server, url }) => {
        await begin(url, { id: 'c', contacts: 1_000, ...pace });
        const pauses: Obeyed[] = [];
        for (const step of steps) {
          await dialsOn(provider, BETWEEN);
          await server.setClock(step);
          pauses.push(await obeyed(provider, url, { id: 'c', command: 'pause' }));
          await control(url, 'c', 'resume');
        }
        await dialsOn(provider, BETWEEN);
        await server.setClock(-15 * SECOND_MS);
        return [...pauses, await obeyed(provider, url, { id: 'c', command: 'cancel' })];
      },
    );
    console.log(`stepped: ${JSON.stringify(told)}`);
    const pause = { command: 'pause', late: 0, phase: 'paused' };
    expect(told).toEqual([...steps.map(() => pause), { command: 'cancel', late: 0, phase: 'cancelled' }]);
  });
});

describe('nodes whose clocks differ', () => {
  let provider: ProviderProcess;
  let cluster: DialingNodes;
  beforeAll(async () => {
    provider = await startProvider(['--cps', '100', '--requests', '100000', '--speed', '120']);
    cluster = await startDialingNodes(2, provider.url, { PLIVO_CPS: '50' });
  });
  afterAll(async () => {
    await cluster?.stop();
    provider?.stop();
  });

  it('obey a command that any of them was given', patience, async () => {
    const server = () => cluster.balancerUrl;
    await begin(server, { id: 'c', contacts: 1_000, ...pace });
    await dialsOn(provider, BETWEEN);
    const dials = (await cluster.owner()).node;
    const other = cluster.nodes.find((node) => node !== dials);
    if (!other) throw new Error('there is one node only');
    const told: Obeyed[] = [];
    for (const [own, others] of [
      [0, 20],
      [20, 0],
      [-60, 60],
      [60, -60],
    ] as const) {
      await Promise.all([dials.setClock(own * SECOND_MS), other.setClock(others * SECOND_MS)]);
      for (const at of [other, dials]) {
        told.push(await obeyed(provider, () => dials.url, { id: 'c', command: 'pause', at: () => at.url }));
        await control(() => other.url, 'c', 'resume');
        await dialsOn(provider, BETWEEN);
      }
    }
    told.push(await obeyed(provider, () => other.url, { id: 'c', command: 'cancel', at: () => dials.url }));
    console.log(`nodes: ${JSON.stringify(told)}`);
    const pause = { command: 'pause', late: 0, phase: 'paused' };
    expect(told).toEqual([...told.slice(1).map(() => pause), { command: 'cancel', late: 0, phase: 'cancelled' }]);
  });
});
