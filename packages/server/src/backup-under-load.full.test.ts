import { join } from 'node:path';
import type { Report } from '@ringside/protocol';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Diagnosis } from './cli/doctor/doctor.ts';
import { IntakeLoad, type Sent } from './testing/intake-load.ts';
import { storeCalls } from './testing/many-calls.ts';
import { runMeasured } from './testing/measured-process.ts';
import { KEY, temporaryFolder } from './testing/running-server.ts';
import { comparable } from './testing/same-report.ts';
import { type ServerProcess, startProcess } from './testing/server-process.ts';
import { callsIn, deliveriesIn } from './testing/stored-rows.ts';

/** So many that copying them takes a while. */
const SEEDED = 20_000;
const POLL = { timeout: 20_000, interval: 20 };
const LOAD = { senders: 12, campaigns: 3 };
const campaigns = Array.from({ length: LOAD.campaigns }, (_, n) => `load-${n}`);

let folder: ReturnType<typeof temporaryFolder>;
const servers: ServerProcess[] = [];
let load: IntakeLoad | null = null;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  await load?.stop();
  await Promise.all(servers.splice(0).map(stop));
  folder.remove();
});

async function start(name: string): Promise<ServerProcess> {
  const server = await startProcess(join(folder.path, name));
  servers.push(server);
  return server;
}

async function stop({ child, ended }: ServerProcess): Promise<void> {
  child.kill('SIGTERM');
  await ended;
}

const reportOf = async ({ url }: ServerProcess, campaignId: string): Promise<Report> => {
  const headers = { authorization: `Bearer ${KEY}` };
  return (await fetch(`${url}/v1/campaigns/${campaignId}/report?recent=100`, { headers })).json() as Promise<Report>;
};

/** What two servers show of a campaign at one clock. */
async function bothShow(one: ServerProcess, other: ServerProcess, campaignId: string): Promise<[Report, Report]> {
  for (;;) {
    const reports = await Promise.all([reportOf(one, campaignId), reportOf(other, campaignId)]);
    if (reports[0].asOf === reports[1].asOf) return reports;
  }
}

async function ran(args: readonly string[]): Promise<string> {
  const { code, out, err } = await runMeasured(args);
  expect({ code, err }).toMatchObject({ code: 0 });
  return out;
}

it('holds the store of one moment, while callbacks and events keep coming in', { timeout: 120_000 }, async () => {
  const data = join(folder.path, 'data');
  const file = join(folder.path, 'backup.db');
  storeCalls(data, 'default', 'seeded', SEEDED);
  const original = await start('data');
  const running = new IntakeLoad(original.url, LOAD);
  load = running;
  await vi.waitUntil(() => running.acknowledged.length > 200, POLL);
  const begun = performance.now();
  expect(await ran(['backup', '--to', file, '--data-dir', data])).toMatch(
    /^Backed up \d\d,\d{3} calls of 4 campaigns, up to/,
  );
  const over = performance.now();
  await vi.waitUntil(() => running.acknowledged.some(({ sentAt }) => sentAt > over), POLL);
  await running.stop();

  // By the numbers of the store itself: the first so many deliveries, all of them, as they are.
  await stop(original);
  const copied = deliveriesIn(file);
  const all = deliveriesIn(join(data, 'ringside.db'));
  expect(copied.length).toBeLessThan(all.length);
  expect(copied).toEqual(all.slice(0, copied.length));
  // By those who sent: everything acknowledged before, nothing sent after, and nothing else.
  const held = callsIn(file);
  const isHeld = ({ campaignId, call }: Sent): boolean => held.has(`${campaignId} ${call}`);
  const inCopy = running.sent.filter(isHeld);
  const before = running.acknowledged.filter(({ acknowledgedAt }) => (acknowledgedAt ?? 0) < begun);
  const after = running.sent.filter(({ sentAt }) => sentAt > over);
  expect(before.filter((sent) => !isHeld(sent))).toEqual([]);
  expect(after.filter(isHeld)).toEqual([]);
  expect(held.size).toBe(SEEDED + inCopy.length);
  expect(running.acknowledged.length - before.length - after.length, 'requests during the backup').toBeGreaterThan(20);

  // A server on the restored store shows what one shows that was sent exactly those requests and no other.
  const elsewhere = join(folder.path, 'elsewhere');
  await ran(['restore', '--from', file, '--data-dir', elsewhere]);
  const { store } = JSON.parse((await runMeasured(['doctor', '--json', '--data-dir', elsewhere])).out) as Diagnosis;
  expect(store).toMatchObject({ campaigns: 4, calls: held.size, deliveries: copied.length, busy: [], different: [] });
  const restored = await start('elsewhere');
  const fresh = await start('fresh');
  const rest = inCopy.values();
  const sendRest = async (): Promise<void> => {
    for (const { to } of rest) expect(await to(fresh.url)).toBe(true);
  };
  await Promise.all(Array.from({ length: LOAD.senders }, sendRest));
  for (const campaignId of campaigns) {
    const [shown, expected] = await bothShow(restored, fresh, campaignId);
    expect(comparable(shown)).toEqual(comparable(expected));
    expect(shown.progress.attempts).toBeGreaterThan(0);
  }
  // The campaign that nothing came to meanwhile is as it was, in a new life of the store.
  const again = await start('data');
  const [shown, expected] = await bothShow(restored, again, 'seeded');
  expect(comparable(shown)).toEqual(comparable(expected));
  expect(shown.progress.attempts).toBe(SEEDED);
  expect(shown.revision.split('.')[0]).not.toBe(expected.revision.split('.')[0]);
});
