import { afterEach, describe, expect, it } from 'vitest';
import { WORKSPACE } from '../../testing/engine.ts';
import type { ListedAs, ListRow } from '../dialing/dial-store.ts';
import {
  accepted,
  audit,
  CAMPAIGN,
  ended,
  idsOf,
  initiated,
  listOf,
  NOW,
  numbersOf,
  row,
  taken,
} from './dialing-steps.ts';
import { Places, type StoreKind } from './place.ts';

const by = { reason: 'asked', actor: 'test', at: NOW };

/** What every store owes those who upload lists. */
export function dialingListsContract(kind: () => StoreKind): void {
  const places = new Places(kind);
  afterEach(() => places.clear());

  describe('a list to dial', () => {
    it('has a number once and an id once, whatever the uploads, and tells what became of each row', async () => {
      const store = await places.store();
      await store.dial.openList({ ...CAMPAIGN, account: 'acc' });
      await store.dial.suppress(WORKSPACE, [row(7).number], by, audit);
      const rows = [row(1, { contactId: 'ann' }), row(1), row(2, { contactId: 'ann' }), row(2), row(7)];
      const expected: ListedAs[] = ['added', 'duplicate', 'duplicate-id', 'added', 'do-not-call'];
      expect(await store.dial.previewList(CAMPAIGN, rows)).toEqual(expected);
      expect(await store.dial.listFacts(CAMPAIGN)).toEqual({ contacts: 0, zones: {}, excluded: {} });
      expect(await store.dial.addToList(CAMPAIGN, rows, NOW)).toEqual(expected);
      const again: ListedAs[] = ['duplicate', 'duplicate', 'duplicate', 'duplicate', 'do-not-call'];
      expect(await store.dial.addToList(CAMPAIGN, rows, NOW)).toEqual(again);
      expect(await store.dial.addToList(CAMPAIGN, [row(3, { contactId: 'ann' })], NOW)).toEqual(['duplicate-id']);
      expect(await store.dial.listFacts(CAMPAIGN)).toEqual({ contacts: 2, zones: { '': 2 }, excluded: {} });
      const other = { ...CAMPAIGN, campaignId: 'other' };
      await store.dial.openList({ ...other, account: null });
      expect(await store.dial.addToList(other, [row(1)], NOW)).toEqual(['added']);
      expect(await store.dial.dialedCampaigns()).toEqual([
        { ...CAMPAIGN, account: 'acc' },
        { ...other, account: null },
      ]);
    });

    it('adds a thousand rows at once, in their order, whoever uploads at once', async () => {
      const store = await places.store();
      await store.dial.openList({ ...CAMPAIGN, account: null });
      const rows = Array.from({ length: 1_000 }, (_, n) => row(n, { zone: n % 3 === 0 ? 'Asia/Kolkata' : null }));
      const twice = await Promise.all([
        store.dial.addToList(CAMPAIGN, rows, NOW),
        store.dial.addToList(CAMPAIGN, rows, NOW),
      ]);
      expect(twice.flat().filter((one) => one === 'added')).toHaveLength(1_000);
      expect(await store.dial.listFacts(CAMPAIGN)).toEqual({
        ...{ contacts: 1_000, zones: { '': 666, 'Asia/Kolkata': 334 }, excluded: {} },
      });
      const listed: ListRow[] = [];
      for (let after = 0; ; ) {
        const page = await store.dial.untouched(CAMPAIGN, after, 300);
        listed.push(...page.map(({ position: _, excluded: __, ...one }) => one));
        if (page.length < 300) break;
        after = page.at(-1)?.position ?? 0;
      }
      expect(listed).toEqual(rows);
    });

    it('stays what it was when it is opened again, and is left alone once it is closed', async () => {
      const store = await places.store();
      await listOf(store, 3);
      await store.dial.setListOpen(CAMPAIGN, false);
      await store.dial.openList({ ...CAMPAIGN, account: 'other' });
      expect(await store.dial.dialedCampaigns()).toEqual([]);
      await store.dial.setListOpen(CAMPAIGN, true);
      expect(await store.dial.dialedCampaigns()).toEqual([{ ...CAMPAIGN, account: 'other' }]);
      expect((await store.dial.listFacts(CAMPAIGN))?.contacts).toBe(3);
      expect(await store.dial.listFacts({ ...CAMPAIGN, campaignId: 'none' })).toBe(null);
    });

    it('tells what is ready, what waits, and when the next retry is due', async () => {
      const store = await places.store();
      await listOf(store, [row(1), row(2), row(3, { zone: 'Asia/Tokyo' }), row(4)]);
      const facts = (zones: readonly string[] | null, now = NOW) => store.dial.queueFacts(CAMPAIGN, zones, now);
      expect(await facts([''])).toEqual({ ready: 3, waiting: 4, nextDueAt: null });
      expect(await facts(['Asia/Tokyo', 'Europe/Paris'])).toEqual({ ready: 1, waiting: 4, nextDueAt: null });
      expect(await facts([])).toEqual({ ready: 0, waiting: 4, nextDueAt: null });
      const [one] = await accepted(store, { most: 1 });
      await store.dial.settle(
        CAMPAIGN,
        [{ attemptId: one?.attemptId ?? '', outcome: 'busy', dueAt: NOW + 300_000 }],
        null,
        NOW,
      );
      expect(await facts(null)).toEqual({ ready: 3, waiting: 4, nextDueAt: NOW + 300_000 });
      expect(await facts(null, NOW + 300_000)).toEqual({ ready: 4, waiting: 4, nextDueAt: NOW + 300_000 });
      await store.dial.hastenRetries(CAMPAIGN, null, NOW);
      expect(await facts(null)).toMatchObject({ nextDueAt: NOW + 300_000 });
      // The clock was set back since that was decided: who waits does so no longer for that, and nobody else is moved.
      await store.dial.hastenRetries(CAMPAIGN, null, NOW - 7_200_000);
      expect(await facts(null)).toEqual({ ready: 4, waiting: 4, nextDueAt: NOW - 6_900_000 });
    });

    it('finds those that were not reached, and calls them once more', async () => {
      const store = await places.store();
      await listOf(store, 5);
      const attempts = await accepted(store);
      const outcomes = ['busy', 'completed', 'no-answer', 'busy'] as const;
      const over = attempts.slice(0, 4);
      await store.apply(over.map((one) => initiated(one)));
      await store.apply(over.map((one, n) => ended(one, outcomes[n] ?? 'busy')));
      await store.dial.settle(
        CAMPAIGN,
        over.map(({ attemptId }, n) => ({
          attemptId,
          outcome: outcomes[n] ?? 'busy',
          dueAt: n === 3 ? NOW + 1 : null,
        })),
        null,
        NOW,
      );
      const [first, , third] = attempts;
      const failed = await store.dial.failedContacts(CAMPAIGN, null, '', 10);
      expect(failed).toEqual(
        [first, third].map((one) => ({
          ...{ contactKey: one?.contactKey, callRow: one?.attemptId, endedAt: NOW + 60_000 },
        })),
      );
      expect(await store.dial.failedContacts(CAMPAIGN, ['no-answer'], '', 10)).toEqual(failed.slice(1));
      expect(await store.dial.failedContacts(CAMPAIGN, null, failed[0]?.contactKey ?? '', 10)).toEqual(failed.slice(1));
      expect(await store.dial.failedContacts(CAMPAIGN, null, '', 1)).toEqual(failed.slice(0, 1));
      const keys = attempts.map(({ contactKey }) => contactKey);
      expect(await store.dial.dialAgain(CAMPAIGN, keys)).toBe(2);
      expect(await store.dial.dialAgain(CAMPAIGN, keys)).toBe(0);
      const again = await accepted(store, {}, NOW + 2);
      expect(numbersOf(again).sort()).toEqual([row(0), row(2), row(3)].map(({ number }) => number));
      await store.apply(again.map((one) => ended(one, 'busy', NOW + 90_000)));
      const { ended: ends } = await store.dial.endedAttempts(CAMPAIGN, idsOf(again));
      expect(ends.map(({ attempt, earlier, extra }) => [attempt, earlier, extra])).toEqual(
        again.map(({ number }) => {
          const granted = number === row(3).number ? 0 : 1;
          return [2, [number === row(2).number ? 'no-answer' : 'busy'], granted];
        }),
      );
    });
  });

  describe('numbers that nobody may call', () => {
    it('are listed in their order, each once, and told of in the audit log without being named', async () => {
      const store = await places.store();
      const numbers = [row(2).number, row(1).number];
      expect(await store.dial.suppress(WORKSPACE, numbers, by, audit)).toBe(2);
      expect(await store.dial.suppress(WORKSPACE, [...numbers, row(3).number], by, audit)).toBe(1);
      const entry = (n: number) => ({ number: row(n).number, reason: 'asked', addedAt: NOW, addedBy: 'test' });
      expect(await store.dial.suppressed(WORKSPACE, '', 2)).toEqual([entry(1), entry(2)]);
      expect(await store.dial.suppressed(WORKSPACE, row(2).number, 2)).toEqual([entry(3)]);
      expect(await store.dial.suppressed('other', '', 2)).toEqual([]);
      expect(await store.dial.unsuppress(WORKSPACE, row(1).number, audit)).toBe(true);
      expect(await store.dial.unsuppress(WORKSPACE, row(1).number, audit)).toBe(false);
      expect(await store.dial.suppressed(WORKSPACE, '', 9)).toEqual([entry(2), entry(3)]);
      const log = await store.access.auditEntries(WORKSPACE, { limit: 9, before: null, action: null, target: null });
      expect(log).toHaveLength(3);
    });

    it('are left out when they come up, though they are on the list, and counted', async () => {
      const store = await places.store();
      await listOf(store, 3);
      await store.dial.suppress(WORKSPACE, [row(1).number], by, audit);
      expect(numbersOf(await taken(store))).toEqual([row(0).number, row(2).number]);
      expect(await store.dial.listFacts(CAMPAIGN)).toEqual({ contacts: 3, zones: { '': 3 }, excluded: { dnd: 1 } });
      expect((await store.dial.queueFacts(CAMPAIGN, null, NOW)).waiting).toBe(0);
      expect(await store.dial.untouched(CAMPAIGN, 0, 9)).toMatchObject([{ position: 2, excluded: 'dnd' }]);
    });
  });

  describe('what happens by the clock', () => {
    it('is told when its time has come, the last setting of each, until it is cleared', async () => {
      const store = await places.store();
      const due = (now: number, limit = 9) => store.dial.dueTimers(now, limit);
      await store.dial.setTimer({ ...CAMPAIGN, what: 'resume', dueAt: NOW + 5 });
      await store.dial.setTimer({ ...CAMPAIGN, what: 'resume', dueAt: NOW + 2 });
      await store.dial.setTimer({ ...CAMPAIGN, what: 'deadline', dueAt: NOW + 1 });
      expect(await due(NOW)).toEqual([]);
      const both = [
        { ...CAMPAIGN, what: 'deadline', dueAt: NOW + 1 },
        { ...CAMPAIGN, what: 'resume', dueAt: NOW + 2 },
      ];
      expect(await due(NOW + 2)).toEqual(both);
      expect(await due(NOW + 2, 1)).toEqual(both.slice(0, 1));
      await store.dial.clearTimer(CAMPAIGN, 'deadline', NOW + 1);
      // Set to another time since: it stays.
      await store.dial.clearTimer(CAMPAIGN, 'resume', NOW + 5);
      expect(await due(NOW + 2)).toEqual(both.slice(1));
    });

    it('forgets the keys of commands after two days', async () => {
      const store = await places.store();
      const day = 24 * 3_600_000;
      expect(await store.dial.onceByKey(WORKSPACE, 'k', 'first', NOW)).toBe(null);
      expect(await store.dial.onceByKey(WORKSPACE, 'k', 'second', NOW + 2 * day)).toBe('first');
      expect(await store.dial.onceByKey('other', 'k', 'theirs', NOW)).toBe(null);
      expect(await store.dial.onceByKey(WORKSPACE, 'k', 'third', NOW + 2 * day + 1)).toBe(null);
    });
  });
}
