import type { CallEventInput } from '@ringside/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { auditBy, eventReceipt, WORKSPACE } from '../../testing/engine.ts';
import type { StaleCall, StaleCursor, Store } from '../store.ts';
import { Places, type StoreKind } from './place.ts';

const HOUR = 3_600_000;
const T0 = Date.UTC(2025, 7, 7, 14);

type Said = 'initiated' | 'machine' | 'lead' | 'ended';
const receipt = (type: Said, campaignId: string, callId: string, at: number) => {
  const said = type === 'ended' ? { status: 'busy' } : type === 'lead' ? { leadStatus: 'hot' } : {};
  return eventReceipt({ type, campaignId, callId, at: new Date(at).toISOString(), ...said } as CallEventInput);
};

async function all(store: Store, before: number, limit = 100): Promise<StaleCall[]> {
  const found: StaleCall[] = [];
  let after: StaleCursor | null = null;
  do {
    const page = await store.staleCalls(before, after, limit);
    found.push(...page.calls);
    after = page.next;
  } while (after !== null);
  return found;
}
const rows = async (calls: Promise<readonly StaleCall[]>) => (await calls).map(({ row }) => row);

/** What every store owes the sweeper. */
export function staleCallsContract(kind: () => StoreKind): void {
  const places = new Places(kind);
  afterEach(() => places.clear());

  describe('stale calls', () => {
    it('are those without an end that are older than the longest call of their own campaign', async () => {
      const store = await places.store();
      for (const [id, maxCallSeconds] of [
        ['short', 60],
        ['long', 86_400],
      ] as const) {
        const campaign = { id, name: id, dialer: 'external', maxCallSeconds } as const;
        await store.register(WORKSPACE, campaign, 'key', T0, auditBy('key', T0));
      }
      await store.apply(['short', 'long', 'unregistered'].map((id) => receipt('initiated', id, `in-${id}`, T0)));
      await store.apply([
        receipt('initiated', 'short', 'over', T0),
        receipt('ended', 'short', 'over', T0 + 1_000),
        receipt('lead', 'short', 'never placed', T0),
      ]);
      expect(await rows(all(store, T0 + 60_000))).toEqual([]);
      expect(await rows(all(store, T0 + 4 * HOUR))).toEqual(['in-short']);
      expect(new Set(await rows(all(store, T0 + 4 * HOUR + 1)))).toEqual(new Set(['in-short', 'in-unregistered']));
      expect(await rows(all(store, T0 + 25 * HOUR))).toHaveLength(3);
      const aliases = [{ kind: 'external', id: 'in-short' }];
      const call = {
        workspace: WORKSPACE,
        campaignId: 'short',
        row: 'in-short',
        aliases,
        startedAt: T0,
        maxCallSeconds: 60,
      };
      expect(await all(store, T0 + 60_001)).toEqual([call]);
    });

    it('stop being stale with their end, and are found by a verdict alone', async () => {
      const store = await places.store();
      await store.apply([receipt('machine', 'c', 'judged', T0)]);
      expect(await rows(all(store, T0 + 5 * HOUR))).toEqual(['judged']);
      await store.apply([receipt('ended', 'c', 'judged', T0 + 2_000)]);
      expect(await all(store, T0 + 5 * HOUR)).toEqual([]);
    });

    it('come oldest first, each once, whatever the size of a page', async () => {
      const store = await places.store();
      const ids = Array.from({ length: 25 }, (_, i) => `call-${i}`);
      const campaignOf = (i: number) => (i % 3 === 0 ? 'a' : 'b');
      await store.apply(ids.map((id, i) => receipt('initiated', campaignOf(i), id, T0 - Math.floor(i / 4) * 1_000)));
      const whole = await all(store, T0 + 5 * HOUR);
      expect(whole).toHaveLength(25);
      expect(whole.map((call) => call.startedAt)).toEqual(whole.map((call) => call.startedAt).sort((a, b) => a - b));
      for (const size of [1, 3, 7]) expect(await all(store, T0 + 5 * HOUR, size)).toEqual(whole);
    });
  });
}
