import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { abuse, JWT_SECRET, WATCHED } from '../testing/abuse-check.ts';
import { RawConnection } from '../testing/raw-connection.ts';
import { KEY, temporaryFolder, testServer } from '../testing/running-server.ts';
import { type ServerProcess, startProcess } from '../testing/server-process.ts';
import { sendSteadily } from '../testing/steady-callbacks.ts';

const CALLBACKS_PER_SECOND = 20;

const folder = temporaryFolder();
let server: ServerProcess;
beforeAll(async () => {
  server = await startProcess(folder.path, { JWT_SECRET });
});
afterAll(async () => {
  server.child.kill('SIGKILL');
  await server.ended;
  folder.remove();
});

const ask = (path: string) => fetch(server.url + path, { headers: { authorization: `Bearer ${KEY}` } });
const gauge = async (name: string): Promise<number> => {
  const text = await (await ask('/metrics')).text();
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(name))
      ?.split(' ')
      .at(-1) ?? Number.NaN,
  );
};
const openFiles = (): number => readdirSync(`/proc/${server.child.pid}/fd`).length;

it('nothing that is done to any route ends the server, is its own fault, or leaves anything behind', async () => {
  const table = await testServer();
  // A HEAD is handled as its GET; the long check tries both.
  const routes = table.routes.filter(({ method }) => method !== 'HEAD');
  await table.stop();
  const filesBefore = process.platform === 'linux' ? openFiles() : 0;
  const endCallbacks = sendSteadily(server.url, CALLBACKS_PER_SECOND, [WATCHED]);
  const { faults, routes: results } = await abuse({ base: server.url, seed: 1, rounds: 1, routes });
  expect(faults).toEqual([]);
  const longest = results.reduce((one, other) => (one.longestStop > other.longestStop ? one : other));
  const { refused, slowest } = await endCallbacks();
  console.log(
    `S17: ${results.length} routes; the loop stood still for ${Math.round(longest.longestStop * 1000)} ms at most ` +
      `(${longest.route}), a signed callback waited ${Math.round(slowest)} ms`,
  );
  expect([...refused]).toEqual([]);
  // Everybody has left: nothing is counted, sent to, or held for anybody any more.
  await expect.poll(() => gauge('ringside_live_viewers{transport="sse"}'), { timeout: 20_000 }).toBe(0);
  await expect.poll(() => gauge('ringside_live_viewers{transport="websocket"}'), { timeout: 20_000 }).toBe(0);
  if (process.platform === 'linux') await expect.poll(openFiles, { timeout: 20_000 }).toBeLessThan(filesBefore + 20);
  expect((await ask(`/v1/campaigns/${WATCHED}/calls.csv`)).status).toBe(200);
  const viewer = new RawConnection(server.url);
  viewer.socket.write(`GET /v1/campaigns/${WATCHED}/live HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${KEY}\r\n\r\n`);
  await viewer.until('event: snapshot');
  server.child.kill('SIGTERM');
  expect(await server.ended).toMatchObject({ code: 0, stderr: '' });
}, 120_000);
