import type { CallApi } from '@ringside/sandbox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DialingWorld, dialingWorld, REF, sandbox } from '../testing/dialing-world.ts';
import { temporaryFolder } from '../testing/running-server.ts';

const patience = { timeout: 40_000, interval: 20 };
const long = { timeout: 60_000 };
const silence = { duplicate: 0, reorder: 0, drop: 1, badSignatures: 0, lateSeconds: 0 };

let folder: ReturnType<typeof temporaryFolder>;
let api: CallApi;
let world: DialingWorld;

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  await world.stop();
  await api.close();
  folder.remove();
});

async function begin(options: Parameters<typeof sandbox>[0], dialing: Record<string, number>): Promise<void> {
  api = await sandbox(options);
  world = await dialingWorld({ api, folder: folder.path, internals: { dialing } });
}

describe('what nobody tells the dialer', () => {
  it('that calls are over, where no callback comes: it asks for their records', long, async () => {
    await begin({ faults: { callbacks: silence } }, { lostEndAfterMs: 300, lostEndsEveryMs: 100 });
    await world.campaign(5);
    await expect.poll(() => world.phase(), patience).toBe('completed');
    expect((await world.report()).progress.ledger).toMatchObject({ reached: 5, inFlight: 0 });
    expect(world.services.dialers.counts.endsFound).toBe(5);
    expect(api.placed).toHaveLength(5);
  });

  it(
    'that a number must not be called since it was uploaded: the campaign hears at once that it is left out',
    long,
    async () => {
      await begin({}, {});
      const { dial } = world.services.store;
      await world.campaign(0, { pace: { callsPerSecond: 0.2 } });
      const audit = {
        at: Date.now(),
        workspace: 'default',
        actor: 'test',
        address: null,
        action: 'test',
        target: null,
      };
      const by = { reason: null, actor: 'test', at: Date.now() };
      await dial.addToList(REF, ['+919000000001', '+919000000002', '+919000000003'].map(row), Date.now());
      await dial.suppress('default', ['+919000000001'], by, audit);
      const seen = async () => [await world.phase(), (await world.report()).progress.ledger.excluded];
      await expect.poll(seen, patience).toEqual(['running', 1]);
      await expect.poll(() => world.phase(), patience).toBe('completed');
      expect(api.placed.map(({ number }) => number)).toEqual(['+919000000002', '+919000000003']);
    },
  );

  it('that whoever uploaded contacts died before the campaign was told of them', long, async () => {
    await begin({ callsPerSecond: 1 }, { tellListAfterMs: 200 });
    await world.campaign(1);
    const rows = Array.from({ length: 30 }, (_, at) => row(`+9191000000${10 + at}`));
    await world.services.store.dial.addToList(REF, rows, Date.now());
    await expect.poll(async () => (await world.report()).progress.totalCalls, patience).toBe(31);
  });
});

function row(number: string) {
  return { number, contactId: null, zone: null, attributes: null };
}
