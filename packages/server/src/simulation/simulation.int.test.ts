import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Report, SimulationOpened, SimulationStatus } from '@ringside/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SIMULATION_WORKSPACE } from '../store/limits.ts';
import { type TestServer, testServer } from '../testing/running-server.ts';
import { makeKey, workspaceKey } from '../testing/workspace.ts';

/** Stands where Plivo's API would, and counts what asks. */
let provider: Server;
let asked = 0;
let server: TestServer;
let acme: { authorization: string };
let beta: { authorization: string };

beforeAll(async () => {
  provider = createServer((_request, response) => {
    asked += 1;
    response.writeHead(500).end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => provider.once('listening', resolve));
  const { port } = provider.address() as AddressInfo;
  server = await testServer({ PLIVO_API_URL: `http://127.0.0.1:${port}` });
  acme = await workspaceKey(server, 'acme');
  beta = await workspaceKey(server, 'beta');
});
afterAll(async () => {
  await server.stop();
  provider.close();
});

async function open(headers?: Record<string, string>): Promise<SimulationOpened & { status: number }> {
  const response = await server.send('POST', '/v1/simulation', {}, headers);
  return { status: response.status, ...((await response.json()) as SimulationOpened) };
}
const status = async (headers?: Record<string, string>): Promise<SimulationStatus> =>
  (await server.get('/v1/simulation', headers)).json();
const stop = (headers?: Record<string, string>) => server.send('DELETE', '/v1/simulation', undefined, headers);

/** Opens a share link as its page does. @returns what reads below it */
async function follow(link: string) {
  const { pathname, hash } = new URL(link);
  const base = server.url + pathname;
  const opened = await fetch(`${base}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ secret: hash.slice(1) }),
  });
  const cookie = opened.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
  return async (path: string) => (await fetch(base + path, { headers: { cookie } })).json();
}

describe('a simulated campaign', () => {
  it('is started once however many ask, lives in a workspace of its own, and is marked as simulated', async () => {
    const opened = await Promise.all([open(acme), open(acme), open(acme)]);
    expect(opened.map((one) => one.status).sort()).toEqual([200, 200, 201]);
    const first = opened[0] as SimulationOpened;
    const { campaignId } = first;
    expect(new Set(opened.map((one) => one.campaignId))).toEqual(new Set([campaignId]));
    expect(await open(beta)).toMatchObject({ status: 200, campaignId, own: false });
    expect(await status(acme)).toMatchObject({ available: true, running: { campaignId, own: true } });
    const read = await follow(first.url);
    expect(await read('/v1/session')).toMatchObject({ workspace: SIMULATION_WORKSPACE, simulated: true });
    const report = async (): Promise<Report> => read(`/v1/campaigns/${campaignId}/report`);
    await expect.poll(async () => (await report()).callMetrics.activeCalls, { timeout: 20_000 }).toBeGreaterThan(3);
    expect(await report()).toMatchObject({ campaignName: 'Simulated: Diwali offer', phase: 'running' });
    // What Ringside itself dials is `built-in`.
    expect(await read(`/v1/campaigns/${campaignId}`)).toMatchObject({ dialer: 'external', dial: null });
    for (const headers of [{}, acme])
      expect(await (await server.get('/v1/campaigns', headers)).json()).toMatchObject({ items: [] });
    expect(await (await server.get('/v1/session')).json()).toMatchObject({ simulated: false });
  });

  it('ends in the middle when it is stopped: nothing is live, its key is revoked, and the log tells by whom', async () => {
    const { campaignId, url } = await open(acme);
    const read = await follow(url);
    expect((await stop(beta)).status, 'another workspace started it').toBe(403);
    expect((await stop(acme)).status).toBe(204);
    expect((await stop(acme)).status, 'nothing is left to stop').toBe(204);
    expect(await status()).toEqual({ available: true, running: null });
    const report: Report = await read(`/v1/campaigns/${campaignId}/report`);
    expect(report).toMatchObject({ phase: 'cancelled', callMetrics: { activeCalls: 0 } });
    expect(report.progress.attempts).toBeGreaterThan(50);
    const { items } = await (await server.get(`/v1/keys?workspace=${SIMULATION_WORKSPACE}`)).json();
    expect(items).toMatchObject([{ name: campaignId, role: 'operator', scopes: ['ingest', 'operate'] }]);
    expect(items[0].revokedAt).not.toBeNull();
    const log = (await (await server.get('/v1/audit?action=simulation', acme)).json()).items;
    expect(log).toMatchObject([
      { action: 'simulation.stopped', target: campaignId },
      { action: 'simulation.started', target: campaignId },
    ]);
  });

  it('cannot call anybody: there is no account for its workspace, and none can be added', async () => {
    const { key } = await makeKey(server, { workspace: SIMULATION_WORKSPACE });
    const inside = { authorization: `Bearer ${key}` };
    const account = { authId: 'MAREALACCOUNT', token: 'a-real-token' };
    const added = await server.send('POST', '/v1/provider-accounts', account, inside);
    expect([added.status, (await added.json()).code]).toEqual([403, 'forbidden']);
    expect((await (await server.get('/v1/provider-accounts', inside)).json()).items).toEqual([]);
    const dialed = {
      ...{ id: 'real', name: 'Real', dialer: 'built-in', answerXml: '<Response><Hangup/></Response>' },
      dial: { callerIds: ['+918035735659'] },
    };
    expect((await server.send('POST', '/v1/campaigns', dialed, inside)).status).toBe(201);
    await server.send('POST', '/v1/campaigns/real/contacts', '{"number":"+919876543210"}\n', {
      ...inside,
      'content-type': 'application/x-ndjson',
    });
    expect((await server.send('POST', '/v1/campaigns/real/start', {}, inside)).status).toBe(200);
    const report = async () => (await server.get('/v1/campaigns/real/report', inside)).json();
    await expect
      .poll(async () => JSON.stringify((await report()).blockers), { timeout: 10_000 })
      .toContain('no-account');
    expect((await report()).progress.attempts).toBe(0);
    expect(asked).toBe(0);
  });
});

it('is refused where the setting is off', async () => {
  const off = await testServer({ RINGSIDE_SIMULATION: '0' });
  const refused = await off.send('POST', '/v1/simulation', {});
  expect([refused.status, (await refused.json()).code]).toEqual([403, 'simulation-off']);
  expect(await (await off.get('/v1/simulation')).json()).toEqual({ available: false, running: null });
  const { items } = await (await off.get('/v1/workspaces')).json();
  expect(items.map(({ id }: { id: string }) => id)).toEqual(['default']);
  await off.stop();
});
