import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestServer, testServer } from '../testing/running-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

const PATH = '/v1/provider-accounts';
const limits = { callsPerSecond: 4, concurrency: 100 };

it('a provider account has limits of its own until they are taken away', async () => {
  const made = await (await server.send('POST', PATH, { authId: 'MALIMITS', token: 'some-token', limits })).json();
  expect(made).toMatchObject({ limits });
  const change = (body: unknown) => server.send('PATCH', `${PATH}/${made.id}`, body);
  expect(await (await change({ name: 'Named' })).json()).toMatchObject({ name: 'Named', limits });
  expect(await (await change({ limits: { ...limits, concurrency: null } })).json()).toMatchObject({
    limits: { callsPerSecond: 4, concurrency: null },
  });
  await change({ limits: null });
  const { items } = await (await server.get(PATH)).json();
  expect(items).toMatchObject([
    { id: 'configured', limits: null },
    { id: made.id, limits: null },
  ]);
});

it.each([{ callsPerSecond: 0, concurrency: 1 }, { callsPerSecond: 1 }, { callsPerSecond: 1, concurrency: 0 }])(
  'refuses %j',
  async (wrong) => {
    const refused = await server.send('POST', PATH, { authId: 'MAWRONG', token: 'some-token', limits: wrong });
    expect(refused.status).toBe(400);
  },
);
