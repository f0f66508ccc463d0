import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Diagnosis } from '../cli/doctor/doctor.ts';
import { openEngine, WORKSPACE } from './engine.ts';
import { storeCalls } from './many-calls.ts';
import { type MeasuredRun, runMeasured } from './measured-process.ts';
import { temporaryFolder } from './running-server.ts';
import { comparable } from './same-report.ts';

const CALLS = Number(process.env.CALLS ?? 1_000_000);
const MOST_MEGABYTES = 300;

let folder: ReturnType<typeof temporaryFolder>;
beforeAll(() => {
  folder = temporaryFolder();
  storeCalls(folder.path, WORKSPACE, 'big', CALLS);
});
afterAll(() => folder.remove());

function told({ code, seconds, peakMegabytes }: MeasuredRun, what: string): void {
  console.log(
    `${what} of ${CALLS} calls: ${seconds.toFixed(0)} s, at most ${peakMegabytes} MB, wanted ${MOST_MEGABYTES} MB`,
  );
  expect(code).toBe(0);
  expect(peakMegabytes).toBeLessThan(MOST_MEGABYTES);
}

it('compares a million calls with their deliveries in bounded memory', async () => {
  const run = await runMeasured(['doctor', '--json', '--data-dir', folder.path]);
  told(run, 'doctor');
  expect(JSON.parse(run.out)).toMatchObject({ store: { calls: CALLS, deliveries: CALLS, different: [] } });
});

it('repairs a campaign of a million calls in bounded memory', async () => {
  const before = reportOf();
  const db = new DatabaseSync(join(folder.path, 'ringside.db'));
  db.exec("DELETE FROM calls WHERE call_row = 'call-000000004'");
  db.close();
  const run = await runMeasured(['doctor', '--fix', '--json', '--data-dir', folder.path]);
  told(run, 'doctor --fix');
  const { repaired, store } = JSON.parse(run.out) as Diagnosis;
  expect({ repaired, store }).toMatchObject({ repaired: ['big'], store: { calls: CALLS, different: [] } });
  expect(reportOf()).toEqual(before);
});

function reportOf() {
  const engine = openEngine(folder.path);
  const found = engine.report(WORKSPACE, 'big', 100, Date.UTC(2025, 7, 9));
  engine.close();
  return found && comparable(found.report);
}
