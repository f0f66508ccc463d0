import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Diagnosis } from '../cli/doctor/doctor.ts';
import { IntakeLoad } from './intake-load.ts';
import { storeCalls } from './many-calls.ts';
import { runMeasured } from './measured-process.ts';
import { temporaryFolder } from './running-server.ts';
import { type ServerProcess, startProcess } from './server-process.ts';
import { callsIn, deliveriesIn } from './stored-rows.ts';

const CALLS = Number(process.env.CALLS ?? 300_000);
/** One backup of so many calls takes some seconds: several show what intake is like meanwhile. */
const BACKUPS = 5;
const WARM_UP_MS = 8_000;
const WINDOW_MS = 15_000;
const LOOK_EVERY_MS = 20;
const MEGABYTE = 1024 * 1024;

let folder: ReturnType<typeof temporaryFolder>;
let data: string;
let server: ServerProcess;
let load: IntakeLoad | null = null;
beforeAll(async () => {
  folder = temporaryFolder();
  data = join(folder.path, 'data');
  storeCalls(data, 'default', 'big', CALLS);
  server = await startProcess(data);
});
afterAll(async () => {
  await load?.stop();
  server.child.kill('SIGTERM');
  await server.ended;
  folder.remove();
});

const megabytes = (bytes: number): string => `${Math.round(bytes / MEGABYTE)} MB`;

/** How many a second were acknowledged, and how long they took. */
function timesOf({ acknowledged }: IntakeLoad, from: number, to: number): string {
  const times = acknowledged
    .filter(({ sentAt }) => sentAt >= from && sentAt < to)
    .map(({ sentAt, acknowledgedAt }) => (acknowledgedAt ?? 0) - sentAt)
    .sort((a, b) => a - b);
  const at = (share: number): string => (times[Math.floor((times.length - 1) * share)] ?? 0).toFixed(1);
  const rate = Math.round(times.length / ((to - from) / 1_000));
  return `${rate}/s, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${at(1)} ms`;
}

/** The most that the write-ahead log grows to, until the returned function is called. */
function watchLog(): () => number {
  const path = join(data, 'ringside.db-wal');
  let most = 0;
  const watching = setInterval(() => {
    most = Math.max(most, statSync(path, { throwIfNoEntry: false })?.size ?? 0);
  }, LOOK_EVERY_MS);
  return () => {
    clearInterval(watching);
    return most;
  };
}

it('copies a large store while it takes callbacks and events', async () => {
  const running = new IntakeLoad(server.url, { senders: 24, campaigns: 20 });
  load = running;
  await sleep(WARM_UP_MS);
  const stopBefore = watchLog();
  const begun = performance.now();
  await sleep(WINDOW_MS);
  const logBefore = stopBefore();
  const stopDuring = watchLog();
  const first = performance.now();
  const file = join(folder.path, 'backup.db');
  const runs: string[] = [];
  for (let n = 0; n < BACKUPS; n += 1) {
    const { code, out, seconds, peakMegabytes } = await runMeasured([
      ...['backup', '--to', file, '--force', '--data-dir', data],
    ]);
    expect(code).toBe(0);
    runs.push(`${/[\d.]+ s$/.exec(out.trim())?.[0]} (process ${seconds.toFixed(1)} s, ${peakMegabytes} MB)`);
  }
  const over = performance.now();
  const logDuring = stopDuring();
  await sleep(WINDOW_MS);
  const logAfter = statSync(join(data, 'ringside.db-wal')).size;
  const end = performance.now();
  await running.stop();
  console.log(
    [
      `${BACKUPS} backups of ${CALLS} calls and more, ${megabytes(statSync(file).size)}: ${runs.join(', ')}`,
      `write-ahead log at most ${megabytes(logBefore)} before, ${megabytes(logDuring)} meanwhile, ${megabytes(logAfter)} after`,
      `intake before: ${timesOf(running, begun, first)}`,
      `intake meanwhile: ${timesOf(running, first, over)}`,
      `intake after: ${timesOf(running, over, end)}`,
    ].join('\n'),
  );

  const elsewhere = join(folder.path, 'elsewhere');
  const { code, seconds } = await runMeasured(['restore', '--from', file, '--data-dir', elsewhere]);
  expect(code).toBe(0);
  console.log(`restore: ${seconds.toFixed(1)} s`);
  const { store } = JSON.parse((await runMeasured(['doctor', '--json', '--data-dir', elsewhere])).out) as Diagnosis;
  expect(store).toMatchObject({ calls: callsIn(file).size, busy: [], different: [] });
  const copied = deliveriesIn(file).length;
  expect(store?.deliveries).toBe(copied);
  expect(copied).toBeGreaterThan(CALLS);
});
