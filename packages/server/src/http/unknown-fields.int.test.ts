import { afterAll, beforeAll, expect, it } from 'vitest';
import { fill, routeSamples } from '../testing/route-samples.ts';
import { type TestServer, testServer } from '../testing/running-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

const nothing = { campaignId: 'c', callId: 'c', keyId: 'k', accountId: 'a', shareId: 's', workspaceId: 'default' };
const withBody = Object.entries(routeSamples).filter(([, { body }]) => body !== undefined);

it.each(withBody)('%s refuses a field that it does not know, and one that only reads have', async (route, sample) => {
  const [method = ''] = route.split(' ');
  const { path, body = '{}' } = fill(route, sample, nothing);
  for (const extra of [{ surprise: 1 }, { createdAt: '2025-08-07T14:00:00Z' }, { workspaceName: 'x' }]) {
    const response = await server.send(method, path, { ...JSON.parse(body), ...extra });
    expect({ route, extra, status: response.status }).toEqual({ route, extra, status: 400 });
    expect(await response.json()).toMatchObject({ code: 'validation-failed' });
  }
});
