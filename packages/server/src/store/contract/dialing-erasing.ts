import { afterEach, describe, expect, it } from 'vitest';
import { WORKSPACE } from '../../testing/engine.ts';
import type { Store } from '../store.ts';
import {
  audit,
  CAMPAIGN,
  ended,
  idsOf,
  initiated,
  listOf,
  NOW,
  numbersOf,
  row,
  sending,
  taken,
} from './dialing-steps.ts';
import { CANARY, erase, tracesIn } from './erasing.ts';
import { Places, type StoreKind } from './place.ts';

const by = { reason: 'asked by 98765 43210', actor: 'test', at: NOW };

/** What every store owes somebody whose number is to go, and who is on lists. */
export function dialingErasingContract(kind: () => StoreKind): void {
  const places = new Places(kind);
  afterEach(() => places.clear());
  const traces = async (store: Store) => tracesIn(await places.of(store).texts());
  /** A campaign that the list belongs to, as it is when somebody made it. */
  const campaign = async (store: Store) => {
    await store.register(WORKSPACE, { id: 'c', name: 'C', dialer: 'external' }, 'test', NOW, audit);
  };

  describe('erasing a number that is on lists', () => {
    it('leaves no trace of it, and nobody is called by it any more', async () => {
      const store = await places.store();
      await campaign(store);
      await listOf(store, [
        { number: CANARY, contactId: 'lead-9876543210', zone: null, attributes: { phone: '98765 43210' } },
        row(1, { contactId: 'of-9876543210' }),
        row(2),
      ]);
      await store.dial.suppress(WORKSPACE, [CANARY, row(9).number], by, audit);
      await store.dial.unsuppress(WORKSPACE, CANARY, audit);
      expect((await traces(store)).length).toBeGreaterThan(2);
      const { erasure } = await erase(store);
      expect(await traces(store)).toEqual([]);
      expect(await store.dial.listFacts(CAMPAIGN)).toMatchObject({ contacts: 3, excluded: { erased: 1 } });
      expect(await store.access.erasures(WORKSPACE)).toMatchObject([{ found: { campaigns: 1, contacts: 2 } }]);
      expect(numbersOf(await taken(store))).toEqual([row(1).number, row(2).number]);
      expect(await store.dial.untouched(CAMPAIGN, 0, 9)).toMatchObject([
        { number: erasure.token, excluded: 'erased', attributes: null },
      ]);
    });

    it('refuses it from then on, also by way of numbers that nobody may call', async () => {
      let store = await places.store();
      await campaign(store);
      await store.dial.openList({ ...CAMPAIGN, account: null });
      await store.dial.suppress(WORKSPACE, [CANARY], by, audit);
      const { erasure } = await erase(store);
      expect(await store.dial.suppressed(WORKSPACE, '', 9)).toMatchObject([{ number: erasure.token }]);
      expect(await store.access.erasures(WORKSPACE)).toMatchObject([{ found: { contacts: 0, doNotCall: 1 } }]);
      store = await places.reopened(store);
      const again = { ...row(0), number: CANARY };
      expect(await store.dial.previewList(CAMPAIGN, [again, row(1)])).toEqual(['do-not-call', 'added']);
      expect(await store.dial.addToList(CAMPAIGN, [again, row(1)], NOW)).toEqual(['do-not-call', 'added']);
      expect(await store.dial.suppress(WORKSPACE, [CANARY], by, audit)).toBe(0);
      expect(await traces(store)).toEqual([]);
    });

    it('withdraws an attempt that is not being sent, and keeps what is under way under its token', async () => {
      const store = await places.store();
      await campaign(store);
      await listOf(store, [{ ...row(0), number: CANARY }, row(1)]);
      const [intended] = await taken(store, { most: 1 });
      await erase(store);
      expect(await store.dial.beginSending(CAMPAIGN, [intended?.attemptId ?? ''], NOW, null)).toEqual([]);
      expect(await store.dial.openAttempts('MA1')).toEqual([]);
      expect((await store.dial.listFacts(CAMPAIGN))?.excluded).toEqual({ erased: 1 });
      expect(numbersOf(await taken(store))).toEqual([row(1).number]);
    });

    it('ends what is under way by its token, without another attempt, though it was not done before a restart', async () => {
      let store = await places.store();
      await campaign(store);
      await listOf(store, [{ ...row(0), number: CANARY }]);
      const attempts = await sending(store);
      const results = idsOf(attempts).map((attemptId) => ({ attemptId, kind: 'accepted' as const, requestId: 'r' }));
      await store.dial.endSending(CAMPAIGN, results, null, NOW);
      await store.apply(attempts.map((one) => initiated(one)));
      const { erasure } = await store.erase({ workspace: WORKSPACE, number: CANARY, reason: null }, audit);
      store = await places.reopened(store);
      while ((await store.eraseStep(NOW, null)).more);
      expect(await traces(store)).toEqual([]);
      await store.apply(attempts.map((one) => ended(one, 'busy')));
      const { ended: over } = await store.dial.endedAttempts(CAMPAIGN, idsOf(attempts));
      expect(over).toMatchObject([{ number: erasure.token, contactKey: `number:${erasure.token}`, outcome: 'busy' }]);
      const settled = idsOf(attempts).map((attemptId) => ({ attemptId, outcome: 'busy' as const, dueAt: NOW + 1 }));
      await store.dial.settle(CAMPAIGN, settled, null, NOW);
      expect(await store.dial.queueFacts(CAMPAIGN, null, NOW)).toEqual({ ready: 0, waiting: 0, nextDueAt: null });
      expect(await traces(store)).toEqual([]);
      expect((await store.dial.listFacts(CAMPAIGN))?.excluded).toEqual({});
    });
  });
}
