import { afterEach, describe, expect, it } from 'vitest';
import { WORKSPACE } from '../../testing/engine.ts';
import type { StoredAttempt } from '../dialing/dial-store.ts';
import type { Store } from '../store.ts';
import {
  audit,
  CAMPAIGN,
  callbackOf,
  ended,
  first,
  initiated,
  listOf,
  NOW,
  sending,
  settleAll,
} from './dialing-steps.ts';
import { Places, type StoreKind } from './place.ts';

const stateOf = async (store: Store, { attemptId }: StoredAttempt) =>
  (await store.dial.openAttempts('MA1')).find((one) => one.attemptId === attemptId)?.state;

/** What every store owes who must find out whether a call was placed. */
export function dialingDoubtsContract(kind: () => StoreKind): void {
  const places = new Places(kind);
  afterEach(() => places.clear());

  describe('an attempt in doubt', () => {
    const inDoubt = async (store: Store): Promise<StoredAttempt> => {
      await listOf(store, 2);
      const [one] = await sending(store, { most: 1 });
      const attempt = first([one as StoredAttempt]);
      const result = { attemptId: attempt.attemptId, kind: 'in-doubt' as const, why: 'the answer was lost' };
      await store.dial.endSending(CAMPAIGN, [result], null, NOW);
      await store.apply([initiated(attempt)]);
      return attempt;
    };
    const look = (
      store: Store,
      { attemptId }: StoredAttempt,
      kind: 'placed' | 'empty' | 'unknown',
      needsPerson = false,
    ) =>
      store.dial.noteLook(
        CAMPAIGN,
        attemptId,
        { kind, what: `looked: ${kind}`, requestId: 'r' },
        needsPerson,
        null,
        NOW + 1,
      );

    it('counts how often in a row the lists were empty, and keeps what was seen', async () => {
      const store = await places.store();
      const attempt = await inDoubt(store);
      for (const kind of ['empty', 'empty', 'unknown', 'empty'] as const) await look(store, attempt, kind);
      const [listed] = await store.dial.doubtful(WORKSPACE, null, 9);
      expect(listed).toMatchObject({ state: 'in-doubt', emptyLooks: 1, lookedAt: NOW + 1, needsPerson: false });
      expect(listed?.evidence.map(({ what }) => what)).toEqual([
        'the answer was lost',
        ...['empty', 'empty', 'unknown', 'empty'].map((kind) => `looked: ${kind}`),
      ]);
      for (let n = 0; n < 60; n += 1) await look(store, attempt, 'empty', true);
      const [long] = await store.dial.doubtful(WORKSPACE, 'c', 9);
      expect(long).toMatchObject({ emptyLooks: 61, needsPerson: true });
      expect([long?.evidence.length, long?.evidence[0]?.what]).toEqual([50, 'the answer was lost']);
      expect(await store.dial.doubtful(WORKSPACE, 'other', 9)).toEqual([]);
      expect(await store.dial.doubtful('other', null, 9)).toEqual([]);
    });

    it('is placed once the provider tells of it, and only then settled by its end', async () => {
      const store = await places.store();
      const attempt = await inDoubt(store);
      const ids = [attempt.attemptId];
      expect(await store.dial.endedAttempts(CAMPAIGN, ids)).toEqual({ ended: [], heardOf: [] });
      await store.apply([callbackOf(attempt), ended(attempt, 'busy')]);
      expect((await store.dial.endedAttempts(CAMPAIGN, ids)).heardOf).toMatchObject([
        { attemptId: attempt.attemptId, requestId: expect.any(String) },
      ]);
      await look(store, attempt, 'placed');
      expect(await stateOf(store, attempt)).toBe('placed');
      await look(store, attempt, 'empty');
      expect(await stateOf(store, attempt)).toBe('placed');
      await settleAll(store, [attempt], null);
      expect(await store.dial.openAttempts('MA1')).toEqual([]);
    });

    it('is ended by somebody who says so, once, and the audit log tells who', async () => {
      const store = await places.store();
      const attempt = await inDoubt(store);
      const resolve = (as: 'placed' | 'not-placed') =>
        store.dial.resolveDoubt(CAMPAIGN, attempt.attemptId, as, 'asked the callee', NOW + 2, audit);
      const both = await Promise.all([resolve('not-placed'), resolve('placed')]);
      const done = both.filter((one) => one !== null);
      expect(done).toHaveLength(1);
      expect(await stateOf(store, attempt)).toBe(done[0]?.state);
      expect(done[0]?.evidence.at(-1)?.what).toBe('asked the callee');
      const log = await store.access.auditEntries(WORKSPACE, { limit: 9, before: null, action: null, target: null });
      expect(log).toHaveLength(1);
      expect(await store.dial.doubtful(WORKSPACE, null, 9)).toEqual([]);
    });
  });
}
