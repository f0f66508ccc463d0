import type { CallApi } from '@ringside/sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type DialingWorld, dialingWorld, REF, sandbox } from '../testing/dialing-world.ts';
import { sharedPostgres, type TestDatabases } from '../testing/postgres.ts';
import { AUTH_ID, temporaryFolder } from '../testing/running-server.ts';

const patience = { timeout: 100_000, interval: 50 };
const long = { timeout: 120_000 };

let postgres: TestDatabases;
let folder: ReturnType<typeof temporaryFolder>;
let api: CallApi;
const worlds: DialingWorld[] = [];

beforeAll(async () => {
  postgres = await sharedPostgres();
  folder = temporaryFolder();
});
afterAll(async () => {
  await postgres.stop();
  folder.remove();
});
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
  await api.close();
});

async function nodes(count: number): Promise<string> {
  const url = await postgres.database();
  api = await sandbox();
  for (let node = 0; node < count; node += 1) {
    const env = { DATABASE_URL: url, RINGSIDE_SECRET_KEY: Buffer.alloc(32, 7).toString('base64') };
    worlds.push(await dialingWorld({ api, folder: `${folder.path}/${node}`, env, dials: false }));
  }
  return url;
}

function expectEachOnce(contacts: number): void {
  expect(api.summary().dialedTwice).toEqual([]);
  const numbers = api.placed.map(({ number }) => number);
  expect({ calls: numbers.length, numbers: new Set(numbers).size }).toEqual({ calls: contacts, numbers: contacts });
}

describe('two nodes that dial for one account', () => {
  it('call each contact once, though their lease is torn from one by the other again and again', long, async () => {
    const url = await nodes(2);
    const [a, b] = worlds as [DialingWorld, DialingWorld];
    await a.campaign(150, { pace: { callsPerSecond: 15 } });
    for (const world of worlds) world.dial();
    const owner = `SELECT owner FROM leases WHERE name = 'dialer/${AUTH_ID}'`;
    await expect.poll(async () => (await postgres.query(url, owner)).length, patience).toBe(1);
    const owners = new Set<unknown>();
    const isOver = async (): Promise<boolean> => {
      owners.add((await postgres.query(url, owner))[0]?.owner);
      // Whoever has it still believes so: its steps must be refused from now on.
      if (owners.size < 4)
        await postgres.query(
          url,
          `UPDATE leases SET until = clock_timestamp() - interval '1 second' WHERE name = 'dialer/${AUTH_ID}'`,
        );
      return (await a.phase(REF)) === 'completed';
    };
    await expect.poll(isOver, { ...patience, interval: 1_500 }).toBe(true);
    expect(owners.size).toBeGreaterThan(1);
    expectEachOnce(150);
    expect((await b.report()).progress).toMatchObject({ ledger: { reached: 150 } });
  });

  it('go on when the one that dials stops', long, async () => {
    await nodes(2);
    const [a, b] = worlds as [DialingWorld, DialingWorld];
    await a.campaign(60, { pace: { callsPerSecond: 15 } });
    a.dial();
    await expect.poll(() => api.placed.length, patience).toBeGreaterThan(10);
    b.dial();
    // Its callbacks are still taken in: only its dialing ends.
    await a.services.dialers.stop();
    await expect.poll(() => b.phase(REF), patience).toBe('completed');
    expectEachOnce(60);
  });
});
