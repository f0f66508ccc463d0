import { afterEach, describe, expect, it } from 'vitest';
import { eventReceipt, WORKSPACE } from '../../testing/engine.ts';
import type { StoredAttempt } from '../dialing/dial-store.ts';
import {
  accepted,
  audit,
  CAMPAIGN,
  callbackOf,
  ended,
  first,
  idsOf,
  initiated,
  listOf,
  NOW,
  numbersOf,
  row,
  sending,
  settleAll,
  taken,
  wish,
} from './dialing-steps.ts';
import { Places, type StoreKind } from './place.ts';

/** What every store owes who dials: never twice, never forgotten. */
export function dialingAttemptsContract(kind: () => StoreKind): void {
  const places = new Places(kind);
  afterEach(() => places.clear());

  describe('taking contacts', () => {
    it('takes retries that are due first, the oldest before all, then as uploaded, with caller ids in turn', async () => {
      const store = await places.store();
      await listOf(store, 6);
      const callerIds = ['+15005550001', '+15005550002'];
      const [a, b] = await accepted(store, { most: 2, callerIds });
      await settleAll(store, [a as StoredAttempt], NOW + 200);
      await settleAll(store, [b as StoredAttempt], NOW + 100);
      expect(numbersOf(await taken(store, { most: 1 }, NOW + 99))).toEqual([row(2).number]);
      const next = await taken(store, { most: 4, callerIds }, NOW + 200);
      expect(numbersOf(next)).toEqual([1, 0, 3, 4].map((n) => row(n).number));
      expect(next.map(({ attempt }) => attempt)).toEqual([2, 2, 1, 1]);
      expect(next[1]?.callerId).not.toBe(a?.callerId);
      expect(new Set(next.slice(2).map(({ callerId }) => callerId)).size).toBe(2);
      expect(next[0]).toMatchObject({
        ...CAMPAIGN,
        authId: 'MA1',
        state: 'intended',
        madeAt: NOW + 200,
        attributes: { n: 1 },
      });
    });

    it('takes from open zones alone', async () => {
      const store = await places.store();
      const zones = [null, 'Asia/Tokyo', 'Europe/Paris', null, 'Asia/Tokyo'];
      await listOf(
        store,
        zones.map((zone, n) => row(n, { zone })),
      );
      expect(numbersOf(await taken(store, { openZones: ['Asia/Tokyo', ''], most: 3 }))).toEqual(
        [0, 1, 3].map((n) => row(n).number),
      );
      expect(await taken(store, { openZones: [] })).toEqual([]);
      expect(numbersOf(await taken(store, { openZones: ['Europe/Paris'] }))).toEqual([row(2).number]);
    });

    it('gives a contact to one taker, however many take at once', async () => {
      const store = await places.store();
      await listOf(store, 40);
      const both = await Promise.all(Array.from({ length: 6 }, () => taken(store, { most: 15 })));
      const rest = await taken(store, { most: 100 });
      const numbers = numbersOf([...both.flat(), ...rest]);
      expect(new Set(numbers).size).toBe(40);
      expect(numbers).toHaveLength(40);
      expect(await store.dial.openAttempts('MA1')).toHaveLength(40);
    });

    it('leaves out who was reached meanwhile, and for a minute who has a live call', async () => {
      const store = await places.store();
      await listOf(store, [row(0, { contactId: 'ann' }), row(1), row(2)]);
      const elsewhere = (n: number, more: object) =>
        eventReceipt({
          ...{ type: 'ended', campaignId: 'c', callId: `other-${n}`, to: row(n).number, duration: 9 },
          ...{ at: new Date(NOW).toISOString(), status: 'completed', ...more },
        } as Parameters<typeof eventReceipt>[0]);
      await store.apply([elsewhere(0, { contactId: 'ann' }), elsewhere(1, { type: 'initiated' })]);
      const { attempts, skipped } = await store.dial.take(wish(), null, NOW);
      expect([numbersOf(attempts), skipped]).toEqual([[row(2).number], 2]);
      expect(await store.dial.queueFacts(CAMPAIGN, null, NOW)).toEqual({
        ready: 0,
        waiting: 1,
        nextDueAt: NOW + 60_000,
      });
      await store.apply([elsewhere(1, { type: 'ended', status: 'busy', duration: 0 })]);
      expect(numbersOf(await taken(store, {}, NOW + 60_000))).toEqual([row(1).number]);
    });
  });

  describe('an attempt', () => {
    it('is sent once, and only while it is intended', async () => {
      const store = await places.store();
      await listOf(store, 3);
      const attempts = await taken(store);
      const ids = idsOf(attempts);
      await store.dial.putBack(CAMPAIGN, ids.slice(2), null);
      expect(await store.dial.beginSending(CAMPAIGN, [...ids, 'unknown'], NOW + 5_000, null)).toEqual(ids.slice(0, 2));
      expect(await store.dial.beginSending(CAMPAIGN, ids, NOW + 6_000, null)).toEqual([]);
      await store.dial.putBack(CAMPAIGN, ids, null);
      const open = await store.dial.openAttempts('MA1');
      expect(open.map(({ state, sendBefore }) => [state, sendBefore])).toEqual([
        ['sending', NOW + 5_000],
        ['sending', NOW + 5_000],
      ]);
      expect(numbersOf(await taken(store))).toEqual([row(2).number]);
    });

    it('is not sent to whom nobody may call any more, or who was reached, while it waited for its turn', async () => {
      const store = await places.store();
      await listOf(store, 3);
      const made = await taken(store);
      const [barred, reached, free] = made as [StoredAttempt, StoredAttempt, StoredAttempt];
      await store.dial.suppress(WORKSPACE, [barred.number], { reason: null, actor: 'test', at: NOW }, audit);
      await store.apply([
        eventReceipt({
          ...{ type: 'ended', campaignId: 'c', callId: 'other', to: reached.number, duration: 9 },
          ...{ at: new Date(NOW).toISOString(), status: 'completed' },
        }),
      ]);
      expect(await store.dial.beginSending(CAMPAIGN, idsOf(made), NOW + 5_000, null)).toEqual([free.attemptId]);
      expect(await store.dial.openAttempts('MA1')).toMatchObject([{ attemptId: free.attemptId, state: 'sending' }]);
      expect(await taken(store, {}, NOW + 600_000)).toEqual([]);
      expect((await store.dial.listFacts(CAMPAIGN))?.excluded).toEqual({ dnd: 1 });
    });

    it('goes back on the list as it was when it was not sent', async () => {
      const store = await places.store();
      await listOf(store, 2);
      const [a] = await accepted(store, { most: 1 });
      await settleAll(store, [first([a as StoredAttempt])], NOW + 50);
      const again = await sending(store, { most: 2 }, NOW + 50);
      expect(again.map(({ attempt }) => attempt)).toEqual([2, 1]);
      await store.dial.endSending(
        CAMPAIGN,
        idsOf(again).map((attemptId) => ({ attemptId, kind: 'not-sent' as const })),
        null,
        NOW,
      );
      expect(await store.dial.openAttempts('MA1')).toEqual([]);
      expect(await store.dial.queueFacts(CAMPAIGN, null, NOW)).toEqual({ ready: 1, waiting: 2, nextDueAt: NOW + 50 });
      expect((await taken(store, {}, NOW + 50)).map(({ attempt, number }) => [attempt, number])).toEqual(
        again.map(({ attempt, number }) => [attempt, number]),
      );
    });

    it('ends its sending once, in one of four ways', async () => {
      const store = await places.store();
      await listOf(store, 3);
      const [a, b, c] = idsOf(await sending(store)) as [string, string, string];
      const results = [
        { attemptId: a, kind: 'accepted', requestId: 'r' },
        { attemptId: b, kind: 'refused', why: 'said 400' },
        { attemptId: c, kind: 'in-doubt', why: 'the answer was lost' },
      ] as const;
      await store.dial.endSending(CAMPAIGN, results, null, NOW);
      await store.dial.endSending(CAMPAIGN, [{ attemptId: a, kind: 'not-sent' }], null, NOW);
      await store.dial.endSending(CAMPAIGN, [{ attemptId: c, kind: 'refused', why: 'late' }], null, NOW);
      const open = new Map((await store.dial.openAttempts('MA1')).map((one) => [one.attemptId, one]));
      const at = new Date(NOW).toISOString();
      expect(open.get(a)).toMatchObject({ state: 'accepted', requestId: 'r', evidence: [] });
      expect(open.get(b)).toMatchObject({ state: 'refused', requestId: null, evidence: [{ at, what: 'said 400' }] });
      expect(open.get(c)).toMatchObject({ state: 'in-doubt', evidence: [{ at, what: 'the answer was lost' }] });
    });

    it('is settled once, after its call ended, with what came before it', async () => {
      const store = await places.store();
      await listOf(store, [row(0, { contactId: 'ann' }), row(1)]);
      const attempts = await accepted(store);
      const [a, b] = attempts as [StoredAttempt, StoredAttempt];
      await store.apply(attempts.map((one) => initiated(one)));
      expect((await store.dial.endedAttempts(CAMPAIGN, idsOf(attempts))).ended).toEqual([]);
      await store.apply([callbackOf(a), ended(a, 'no-answer')]);
      const found = await store.dial.endedAttempts(CAMPAIGN, idsOf(attempts));
      expect(found.heardOf).toMatchObject([{ attemptId: a.attemptId }]);
      expect(found.ended).toEqual([
        {
          ...{ ...a, state: 'accepted', requestId: `r-${a.attemptId}`, sendBefore: NOW + 5_000 },
          ...{
            outcome: 'no-answer',
            endedAt: NOW + 60_000,
            hangupCode: null,
            cause: null,
            callRow: first(found.ended).callRow,
            earlier: [],
            extra: 0,
          },
        },
      ]);
      await settleAll(store, [a], NOW + 100);
      await settleAll(store, [a], NOW + 900);
      expect(idsOf(await store.dial.openAttempts('MA1'))).toEqual([b.attemptId]);
      const [again] = await accepted(store, {}, NOW + 100);
      expect(again).toMatchObject({ contactKey: 'id:ann', attempt: 2 });
      await store.apply([ended(again as StoredAttempt, 'busy')]);
      const second = await store.dial.endedAttempts(CAMPAIGN, [again?.attemptId ?? '']);
      expect(second.ended).toMatchObject([{ earlier: ['busy'], outcome: 'busy' }]);
    });

    it('is not settled while nobody knows what became of it', async () => {
      const store = await places.store();
      await listOf(store, 3);
      const [inDoubt] = await sending(store, { most: 1 });
      const doubtful = first([inDoubt as StoredAttempt]);
      const why = { attemptId: doubtful.attemptId, kind: 'in-doubt' as const, why: 'lost' };
      await store.dial.endSending(CAMPAIGN, [why], null, NOW);
      const [sent] = await sending(store, { most: 1 });
      const [intended] = await taken(store, { most: 1 });
      await settleAll(store, [doubtful, sent as StoredAttempt, intended as StoredAttempt], NOW);
      expect((await store.dial.openAttempts('MA1')).map(({ state }) => state).sort()).toEqual([
        'in-doubt',
        'intended',
        'sending',
      ]);
      expect(await taken(store)).toEqual([]);
    });

    it('is found by a new owner as the old one left it', async () => {
      let store = await places.store();
      await listOf(store, 4);
      const [a] = await accepted(store, { most: 1 });
      const [b] = await sending(store, { most: 1 });
      const [c] = await taken(store, { most: 1 });
      store = await places.reopened(store);
      const open = await store.dial.openAttempts('MA1');
      expect(new Map(open.map(({ attemptId, state }) => [attemptId, state]))).toEqual(
        new Map([
          [a?.attemptId, 'accepted'],
          [b?.attemptId, 'sending'],
          [c?.attemptId, 'intended'],
        ]),
      );
      expect(await store.dial.openAttempts('MA2')).toEqual([]);
      await store.dial.putBack(CAMPAIGN, [c?.attemptId ?? ''], null);
      expect(numbersOf(await taken(store))).toEqual([row(2).number, row(3).number]);
    });
  });
}
