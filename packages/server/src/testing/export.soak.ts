/**
 * Exports a large campaign from a built server in a process of its own, and prints what that cost it.
 *
 *   CALLS=1000000 node --import tsx --conditions=ringside-src packages/server/src/testing/export.soak.ts
 *
 * `DATA=<folder>` keeps the store for the next run. Exit code 1 when memory grew by more than 150 MB.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { countLines } from './download.ts';
import { storeCalls } from './many-calls.ts';
import { memoryOf, watchMemory } from './memory-of.ts';
import { KEY, temporaryFolder } from './running-server.ts';
import { startProcess } from './server-process.ts';

const MEGABYTE = 1024 * 1024;
const MOST_GROWTH = 150 * MEGABYTE;
const calls = Number(process.env.CALLS ?? 1_000_000);
const folder = process.env.DATA ? { path: process.env.DATA, remove: () => {} } : temporaryFolder();

if (!existsSync(join(folder.path, 'ringside.db'))) {
  const begun = performance.now();
  storeCalls(folder.path, 'default', 'big', calls);
  console.log(`stored ${calls} calls in ${seconds(begun)} s`);
}
const server = await startProcess(folder.path);
const base = `${server.url}/v1/campaigns/big`;
const headers = { authorization: `Bearer ${KEY}` };
await (await fetch(`${base}/report`, { headers })).text();
const before = memoryOf(server.child.pid);
let most = 0;
console.log(`before: ${(before / MEGABYTE).toFixed(0)} MB`);

for (const [what, files, pauseMs] of [
  ['calls.csv', ['calls.csv'], 0],
  ['calls.ndjson', ['calls.ndjson'], 0],
  ['contacts.csv', ['contacts.csv'], 0],
  ['four at once', ['calls.csv', 'calls.ndjson', 'contacts.csv', 'calls.ndjson?outcome=busy'], 0],
  ['a slow reader', ['calls.csv?number=9999'], 5],
] as const) {
  const watch = watchMemory(server.child.pid);
  const begun = performance.now();
  const report = polls();
  const counts = await Promise.all(files.map((file) => countLines(`${base}/${file}`, pauseMs)));
  const growth = watch.stop() - before;
  most = Math.max(most, growth);
  const lines = counts.reduce((sum, count) => sum + count.lines, 0);
  const bytes = counts.reduce((sum, count) => sum + count.bytes, 0);
  console.log(
    `${what}: ${lines} lines, ${(bytes / MEGABYTE).toFixed(0)} MB in ${seconds(begun)} s; memory +${(growth / MEGABYTE).toFixed(0)} MB; slowest report meanwhile ${await report.stop()} ms`,
  );
}
server.child.kill('SIGTERM');
await server.ended;
folder.remove();
process.exitCode = most > MOST_GROWTH ? 1 : 0;

/** Asks for a report ten times a second until it is stopped. @returns the longest answer in milliseconds */
function polls(): { stop: () => Promise<string> } {
  let slowest = 0;
  let isOver = false;
  const polling = (async () => {
    while (!isOver) {
      const begun = performance.now();
      await (await fetch(`${base}/report`, { headers })).text();
      slowest = Math.max(slowest, performance.now() - begun);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  return {
    async stop() {
      isOver = true;
      await polling;
      return slowest.toFixed(0);
    },
  };
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}
