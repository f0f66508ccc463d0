import { afterEach, beforeEach, expect, it } from 'vitest';
import { countLines } from './testing/download.ts';
import { storeCalls } from './testing/many-calls.ts';
import { memoryOf, watchMemory } from './testing/memory-of.ts';
import { temporaryFolder } from './testing/running-server.ts';
import { type ServerProcess, startProcess } from './testing/server-process.ts';

const CALLS = 50_000;
/** Threads, caches and what the collector leaves lying; the files together are several times as long. */
const MOST_GROWTH = 150 * 1024 * 1024;

let folder: ReturnType<typeof temporaryFolder>;
let server: ServerProcess;
beforeEach(async () => {
  folder = temporaryFolder();
  storeCalls(folder.path, 'default', 'big', CALLS);
  server = await startProcess(folder.path);
});
afterEach(async () => {
  server.child.kill('SIGTERM');
  await server.ended;
  folder.remove();
});

it('exports fifty thousand calls and contacts to several readers in bounded memory', async () => {
  const base = `${server.url}/v1/campaigns/big`;
  const before = memoryOf(server.child.pid);
  const watch = watchMemory(server.child.pid);
  const files = ['calls.csv', 'contacts.ndjson', ...Array.from({ length: 5 }, () => 'calls.ndjson')];
  const counts = await Promise.all(files.map((file) => countLines(`${base}/${file}`)));
  expect(counts.map(({ lines }) => lines)).toEqual(files.map((file) => CALLS + (file.endsWith('.csv') ? 1 : 0)));
  const bytes = counts.reduce((sum, count) => sum + count.bytes, 0);
  const growth = watch.stop() - before;
  expect(growth).toBeLessThan(MOST_GROWTH);
  expect(bytes, 'too little was sent to tell').toBeGreaterThan(1.1 * MOST_GROWTH);
}, 180_000);
