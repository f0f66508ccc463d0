import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { countLines } from './download.ts';
import { storeCalls } from './many-calls.ts';
import { memoryOf, watchMemory } from './memory-of.ts';
import { pollReports } from './poll-reports.ts';
import { temporaryFolder } from './running-server.ts';
import { type ServerProcess, startProcess } from './server-process.ts';

const CALLS = Number(process.env.CALLS ?? 1_000_000);
/** A folder whose store is made once and kept for the next run. */
const DATA = process.env.DATA;
const MEGABYTE = 1024 * 1024;
const MOST_GROWTH = 150 * MEGABYTE;

let folder: ReturnType<typeof temporaryFolder>;
let server: ServerProcess;
/** Resident memory before the first export. */
let before: number;
beforeAll(async () => {
  folder = DATA === undefined ? temporaryFolder() : { path: DATA, remove: () => {} };
  if (!existsSync(join(folder.path, 'ringside.db'))) storeCalls(folder.path, 'default', 'big', CALLS);
  server = await startProcess(folder.path);
  await pollReports(server.url, 'big', 1);
  before = memoryOf(server.child.pid);
});
afterAll(async () => {
  server.child.kill('SIGTERM');
  await server.ended;
  folder.remove();
});

it.each([
  ['one CSV of calls', ['calls.csv'], 0],
  ['one NDJSON of calls', ['calls.ndjson'], 0],
  ['one CSV of contacts', ['contacts.csv'], 0],
  ['four files at once', ['calls.csv', 'calls.ndjson', 'contacts.csv', 'calls.ndjson?outcome=busy'], 0],
  ['one file for a slow reader', ['calls.csv?number=9999'], 5],
] as const)('sends %s in bounded memory', async (what, files, pauseMs) => {
  const watch = watchMemory(server.child.pid);
  const begun = performance.now();
  const isOver = new AbortController();
  const polling = pollReports(server.url, 'big', Number.POSITIVE_INFINITY, isOver.signal);
  const counts = await Promise.all(files.map((file) => countLines(`${server.url}/v1/campaigns/big/${file}`, pauseMs)));
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  isOver.abort();
  const { p50, p99, slowest } = await polling;
  const growth = watch.stop() - before;
  const sum = (of: 'lines' | 'bytes'): number => counts.reduce((so, count) => so + count[of], 0);
  console.log(
    `export of ${what}: ${sum('lines')} lines, ${(sum('bytes') / MEGABYTE).toFixed(0)} MB in ${seconds} s; memory +${(growth / MEGABYTE).toFixed(0)} MB, wanted +150 MB; reports meanwhile p50 ${p50} ms, p99 ${p99} ms, slowest ${slowest} ms`,
  );
  expect(growth).toBeLessThan(MOST_GROWTH);
  expect(sum('lines')).toBeGreaterThan(0);
});
