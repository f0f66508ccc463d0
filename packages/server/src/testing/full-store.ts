import { DatabaseSync } from '@photostructure/sqlite';
import { type CallEventInput, defaultSettings, type ShareLinkMade } from '@ringside/protocol';
import { expect } from 'vitest';
import { databasePath } from '../store/sqlite/database.ts';
import { halfHourOf } from './half-hour.ts';
import { hangup, type TestServer, testServer } from './running-server.ts';

const DAY_MS = 24 * 3_600_000;

/** What opens the store that {@link fillStore} made. */
export interface FullStore {
  /** Key of an administrator of the workspace `acme`. */
  readonly key: string;
  readonly share: { readonly id: string; readonly secret: string };
  /** With which tokens were sealed. */
  readonly secretKey: string;
}

/** Campaigns of the default workspace. */
export const CAMPAIGNS = ['c-1', 'c-2', 'kept', 'direct'] as const;

/** Fills a data folder, by way of a server, with something of everything that a store keeps. */
export async function fillStore(dataDir: string): Promise<FullStore> {
  const secretKey = 'ab'.repeat(32);
  const server = await testServer({ RINGSIDE_DATA: dataDir, RINGSIDE_SECRET_KEY: secretKey }, { retainEveryMs: 20 });
  try {
    await sendCampaigns(server);
    await made(server, '/v1/workspaces', { id: 'acme', name: 'Acme' });
    const { key } = await made<{ key: string }>(server, '/v1/keys', { name: 'a', role: 'admin', workspace: 'acme' });
    const own = { authorization: `Bearer ${key}` };
    await made(server, '/v1/campaigns', { id: 'c-1', name: 'Theirs', dialer: 'external', totalCalls: 3 }, own);
    await made(server, '/v1/provider-accounts', { authId: 'MASTORED0000000000', token: 'a-stored-token' }, own);
    const link = await made<ShareLinkMade>(server, '/v1/share-links', {
      ...{ name: 'Client', campaignId: 'c-1', expiresInSeconds: 86_400 },
    });
    await forget(server, dataDir);
    const { hash, pathname } = new URL(link.url);
    return { key, secretKey, share: { id: pathname.split('/').at(-1) ?? '', secret: hash.slice(1) } };
  } finally {
    await server.stop();
  }
}

async function sendCampaigns(server: TestServer): Promise<void> {
  const facts = { name: 'First', dialer: 'external', totalCalls: 40, defaultCountry: 'IN' };
  await made(server, '/v1/campaigns', { id: 'c-1', ...facts });
  const ago = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();
  const kept: CallEventInput[] = [20, 1].map((days) => ({
    ...{ type: 'ended', campaignId: 'kept', callId: `of-${days}`, at: ago(days), to: `+1415555010${days % 10}` },
    ...{ status: 'completed', duration: 30 },
  }));
  const shifted = [...halfHourOf('c-1'), ...halfHourOf('c-2')].map((event) => ({
    ...event,
    at: new Date(Date.parse(event.at) - halfHourStart + Date.now() - 2 * 3_600_000).toISOString(),
  }));
  const response = await server.send('POST', '/v1/events', { events: [...shifted, ...kept] });
  expect(response.status).toBe(200);
  for (let n = 0; n < 5; n += 1) await server.callback('hangup', 'direct', hangup(`uuid-${n}`));
  // Of no campaign: it waits in the bin.
  expect((await server.callback('ring', '', hangup('nobody'))).status).toBe(200);
}

const halfHourStart = Date.parse(halfHourOf('x')[0]?.at ?? '');

/** Deletes what is older than ten days, erases one number, and asks for calls to be scored again. */
async function forget(server: TestServer, dataDir: string): Promise<void> {
  const settings = { ...defaultSettings, retention: { callDays: 10 } };
  expect((await server.send('PUT', '/v1/settings', settings)).status).toBe(200);
  const stored = (sql: string): number => {
    const db = new DatabaseSync(databasePath(dataDir), { readOnly: true });
    try {
      return (db.prepare(sql).get() as { n: number }).n;
    } finally {
      db.close();
    }
  };
  await expect.poll(() => stored('SELECT count(*) AS n FROM base_rollups'), { timeout: 10_000 }).toBe(1);
  const erasure = await server.send('POST', '/v1/erasures', { number: '+919876543210', reason: 'asked' });
  expect([201, 202]).toContain(erasure.status);
  await expect
    .poll(
      () =>
        stored('SELECT (SELECT count(*) FROM erasures WHERE done_at IS NULL) + (SELECT count(*) FROM erasing) AS n'),
      {
        timeout: 10_000,
      },
    )
    .toBe(0);
}

async function made<T>(server: TestServer, path: string, body: unknown, headers?: Record<string, string>): Promise<T> {
  const response = await server.send('POST', path, body, headers);
  expect(response.status, await response.clone().text()).toBe(201);
  return (await response.json()) as T;
}
