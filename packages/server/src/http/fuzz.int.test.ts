import { afterEach, beforeEach, expect, it } from 'vitest';
import { fuzz } from '../testing/fuzz-check.ts';
import { temporaryFolder } from '../testing/running-server.ts';
import { type ServerProcess, startProcess } from '../testing/server-process.ts';

let folder: ReturnType<typeof temporaryFolder>;
let server: ServerProcess;
beforeEach(async () => {
  folder = temporaryFolder();
  server = await startProcess(folder.path, { RINGSIDE_SIMULATION: '0' });
});
afterEach(async () => {
  server.child.kill('SIGKILL');
  await server.ended;
  folder.remove();
});

it('answers two thousand requests that are wrong in many ways with a clear refusal, and lives on', async () => {
  const { statuses, faults } = await fuzz({ base: server.url, requests: 2_000, seed: 1 });
  expect(faults).toEqual([]);
  for (const status of [200, 400, 401, 403, 404, 415]) expect(statuses.get(status), `${status}`).toBeGreaterThan(0);
  server.child.kill('SIGTERM');
  expect(await server.ended).toMatchObject({ code: 0, stderr: '' });
});
