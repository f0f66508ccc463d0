import http from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { storeCalls } from '../testing/many-calls.ts';
import { KEY, type TestServer, temporaryFolder, testServer } from '../testing/running-server.ts';
import { workspaceKey } from '../testing/workspace.ts';

const PATH = '/v1/campaigns/long/calls.ndjson';
const folder = temporaryFolder();
let server: TestServer;
beforeAll(async () => {
  storeCalls(folder.path, 'default', 'long', 20_000);
  server = await testServer({ RINGSIDE_DATA: folder.path });
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

/** Begins a file and does not read on. */
function begin(): Promise<http.IncomingMessage> {
  const headers = { authorization: `Bearer ${KEY}` };
  return new Promise((resolve, reject) => {
    http.get(server.url + PATH, { headers, agent: false }, resolve).on('error', reject);
  });
}

it('a workspace has eight files made at once; the next waits for its turn, another workspace does not', async () => {
  const begun = await Promise.all(Array.from({ length: 8 }, begin));
  expect(new Set(begun.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
  const refused = await server.get(PATH);
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('10');
  const other = await workspaceKey(server, 'other');
  expect((await server.get(PATH, other)).status).toBe(404);
  begun[0]?.destroy();
  await expect.poll(async () => (await server.get('/v1/campaigns/unknown/calls.csv')).status).toBe(404);
  for (const file of begun) file.destroy();
});
