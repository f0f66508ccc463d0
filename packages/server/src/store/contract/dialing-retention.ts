import type { Outcome } from '@ringside/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { WORKSPACE } from '../../testing/engine.ts';
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
import { retainUntil } from './retention.ts';

const DAY = 24 * 3_600_000;

/** What every store owes those whose calls by the dialer are to go. */
export function dialingRetentionContract(kind: () => StoreKind): void {
  const places = new Places(kind);
  afterEach(() => places.clear());

  describe('deleting what the dialer kept', () => {
    it('deletes contacts that are over, and keeps whom something is due or under way of', async () => {
      const store = await places.store();
      await store.register(WORKSPACE, { id: 'c', name: 'C', dialer: 'external' }, 'test', NOW, audit);
      await listOf(store, 5);
      const attempts = await accepted(store, { most: 4 });
      const over = attempts.slice(0, 3);
      await store.apply(attempts.map((one) => initiated(one)));
      await store.apply(over.map((one) => ended(one, 'busy')));
      const settle = (some: typeof attempts, dueAt: number | null, now: number, outcome: Outcome = 'busy') =>
        store.dial.settle(
          CAMPAIGN,
          idsOf(some).map((attemptId) => ({ attemptId, outcome, dueAt })),
          null,
          now,
        );
      await settle(over.slice(0, 1), null, NOW);
      await settle(over.slice(1, 2), NOW + 5 * DAY, NOW);
      await settle(over.slice(2), null, NOW + 3 * DAY);
      await retainUntil(store, NOW + 2 * DAY);
      const texts = await places.of(store).texts();
      const numbers = Array.from({ length: 5 }, (_, n) => row(n).number);
      expect(numbers.filter((number) => texts.includes(number))).toEqual(numbers.slice(1));
      expect(await store.dial.listFacts(CAMPAIGN)).toEqual({ contacts: 5, zones: { '': 5 }, excluded: {} });
      expect(idsOf(await store.dial.openAttempts('MA1'))).toEqual(idsOf(attempts.slice(3)));
      const next = await taken(store, {}, NOW + 5 * DAY);
      expect(next.map(({ number, attempt }) => [number, attempt])).toEqual([
        [numbers[1], 2],
        [numbers[4], 1],
      ]);
      expect(numbersOf(next)).not.toContain(numbers[0]);
    });
  });
}
