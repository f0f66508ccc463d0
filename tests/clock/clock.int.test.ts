import { expect, it } from 'vitest';
import { begin, control } from '../dialing/campaign.ts';
import { startDialingNodes } from '../dialing/dialing-nodes.ts';
import { startProvider } from '../dialing/provider-process.ts';
import { onScene } from '../dialing/scene.ts';
import { dialsOn, type Obeyed, obeyed } from './obeyed.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const patience = { timeout: 240_000 };
const campaign = { id: 'c', contacts: 1_000, callsPerSecond: 25, concurrency: 100, maxAttempts: 1 };
/** Requests for calls between two commands. */
const BETWEEN = 15;
const paused = { command: 'pause', late: 0, phase: 'paused' };
const cancelled = { command: 'cancel', late: 0, phase: 'cancelled' };

it('a server whose clock is set while it dials sends nothing after a pause or a cancel', patience, async () => {
  const steps = [-2 * HOUR_MS, -2 * HOUR_MS - 15 * SECOND_MS, 2 * HOUR_MS];
  const told = await onScene({ speed: 120, accountCallsPerSecond: 50 }, async ({ provider, server, url }) => {
    await begin(url, campaign);
    await dialsOn(provider, BETWEEN);
    const pauses: Obeyed[] = [];
    for (const step of steps) {
      await server.setClock(step);
      pauses.push(await obeyed(provider, url, { id: 'c', command: 'pause' }));
      await control(url, 'c', 'resume');
      await dialsOn(provider, BETWEEN);
    }
    await server.setClock(-15 * SECOND_MS);
    return [...pauses, await obeyed(provider, url, { id: 'c', command: 'cancel' })];
  });
  expect(told).toEqual([...steps.map(() => paused), cancelled]);
});

it('nodes whose clocks differ obey a command that any of them was given', patience, async () => {
  const provider = await startProvider(['--cps', '100', '--requests', '100000', '--speed', '120']);
  const cluster = await startDialingNodes(2, provider.url, { PLIVO_CPS: '50' });
  try {
    await begin(() => cluster.balancerUrl, campaign);
    await dialsOn(provider, BETWEEN);
    const dials = (await cluster.owner()).node;
    const other = cluster.nodes.find((node) => node !== dials) ?? dials;
    const told: Obeyed[] = [];
    for (const seconds of [20, -60, 60]) {
      // The node that dials is as far off to the other side, but for the first time.
      await dials.setClock(seconds === 20 ? 0 : -seconds * SECOND_MS);
      await other.setClock(seconds * SECOND_MS);
      told.push(await obeyed(provider, () => dials.url, { id: 'c', command: 'pause', at: () => other.url }));
      await control(() => other.url, 'c', 'resume');
      await dialsOn(provider, BETWEEN);
    }
    told.push(await obeyed(provider, () => other.url, { id: 'c', command: 'cancel', at: () => dials.url }));
    expect(told).toEqual([paused, paused, paused, cancelled]);
  } finally {
    await cluster.stop();
    provider.stop();
  }
});
