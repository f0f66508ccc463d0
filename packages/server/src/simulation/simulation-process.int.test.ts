import type { CampaignList, Phase, SimulationOpened } from '@ringside/protocol';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SIMULATION_WORKSPACE } from '../store/limits.ts';
import { KEY, temporaryFolder } from '../testing/running-server.ts';
import { type ServerProcess, startProcess } from '../testing/server-process.ts';
import { keyHeaders } from '../testing/viewer.ts';

let folder: ReturnType<typeof temporaryFolder>;
let server: ServerProcess;
let viewer: { authorization: string } | null;
beforeEach(() => {
  folder = temporaryFolder();
  viewer = null;
});
afterEach(async () => {
  server.child.kill('SIGTERM');
  await server.ended;
  folder.remove();
});

async function simulate(): Promise<SimulationOpened & { status: number }> {
  const headers = { authorization: `Bearer ${KEY}` };
  const response = await fetch(`${server.url}/v1/simulation`, { method: 'POST', headers });
  return { status: response.status, ...((await response.json()) as SimulationOpened) };
}

async function runningNow(): Promise<unknown> {
  const response = await fetch(`${server.url}/v1/simulation`, { headers: { authorization: `Bearer ${KEY}` } });
  return (await response.json()).running;
}

/** Simulated campaigns, newest first, and their live calls. */
async function campaigns(): Promise<{ id: string; phase: Phase; live: number }[]> {
  viewer ??= keyHeaders(folder.path, { workspace: SIMULATION_WORKSPACE });
  const headers = viewer;
  const { items } = (await (await fetch(`${server.url}/v1/campaigns`, { headers })).json()) as CampaignList;
  return items.map(({ id, phase, summary }) => ({ id, phase, live: summary.callMetrics.activeCalls }));
}

async function untilCallsAreLive(): Promise<void> {
  await expect.poll(async () => (await campaigns())[0]?.live ?? 0, { timeout: 20_000 }).toBeGreaterThan(3);
}

it('ends with a server that is told to stop, which exits as ever', async () => {
  server = await startProcess(folder.path);
  const { campaignId } = await simulate();
  await untilCallsAreLive();
  server.child.kill('SIGTERM');
  expect(await server.ended).toMatchObject({ code: 0, stderr: '' });
  server = await startProcess(folder.path);
  expect(await runningNow()).toBeNull();
  expect(await campaigns()).toEqual([{ id: campaignId, phase: 'cancelled', live: 0 }]);
});

it('ends with a server that is killed, and is closed when the next one begins', async () => {
  server = await startProcess(folder.path);
  const { campaignId } = await simulate();
  await untilCallsAreLive();
  server.child.kill('SIGKILL');
  await server.ended;
  server = await startProcess(folder.path);
  expect(await runningNow()).toBeNull();
  const next = await simulate();
  expect(next.status).toBe(201);
  const [running, ended] = await campaigns();
  expect(running).toMatchObject({ id: next.campaignId, phase: 'running' });
  expect(ended).toEqual({ id: campaignId, phase: 'cancelled', live: 0 });
});
