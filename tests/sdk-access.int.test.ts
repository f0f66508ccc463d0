import { RingsideClient } from '@ringside/client';
import type { ApiKeyMade } from '@ringside/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { hangup, type TestServer, testServer } from '../packages/server/src/testing/running-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
  await server.send('POST', '/v1/campaigns', { id: 'c', name: 'A campaign', totalCalls: 10 });
  await server.callback('hangup', 'c', hangup('one', { to: '+919811042042' }, 61));
});
afterAll(() => server.stop());

it.each([
  ['websocket', WebSocket],
  ['sse', null],
] as const)(
  'a key’s rights are followed over %s: with a ticket, masked, whole, and ended',
  async (transport, socket) => {
    const made: ApiKeyMade = await (await server.send('POST', '/v1/keys', { name: 'SDK', role: 'viewer' })).json();
    const client = new RingsideClient({ url: server.url, key: made.key, WebSocket: socket });
    const live = client.subscribe({ campaignId: 'c' });
    const number = () => live.current.value?.recentActivity[0]?.number;
    await expect.poll(number).toMatch(/^\+91\d+•+042$/);
    expect(client.status).toMatchObject({ state: 'live', transport });

    await server.send('PATCH', `/v1/keys/${made.id}`, { role: 'operator' });
    await expect.poll(number).toBe('+919811042042');
    expect(client.status).toMatchObject({ state: 'live', transport });

    await server.send('DELETE', `/v1/keys/${made.id}`, undefined);
    await expect.poll(() => client.status.state).toBe('refused');
    live.close();
  },
);
