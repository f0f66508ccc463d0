import type { Contact, ContactState } from '@ringside/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { eventReceipt, WORKSPACE } from '../../testing/engine.ts';
import type { Store } from '../store.ts';
import { accepted, audit, CAMPAIGN, ended, initiated, listOf, NOW, row, taken } from './dialing-steps.ts';
import { Places, type StoreKind } from './place.ts';

async function contacts(store: Store, states: readonly ContactState[] | null, limit: number): Promise<Contact[]> {
  const all: Contact[] = [];
  let cursor: string | null = null;
  do {
    const query = { filter: { states, leads: null }, limit, cursor, mask: 'full' as const };
    const page: Awaited<ReturnType<Store['contacts']>> = await store.contacts(WORKSPACE, 'c', query, NOW);
    if (page.outcome !== 'page') throw new Error(page.outcome);
    all.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return all;
}

const shown = ({ contactId, number, state, attempts }: Contact) => `${contactId ?? number} ${state} ${attempts}`;

/** What every store owes who looks at the contacts of a list. */
export function dialingContactsContract(kind: () => StoreKind): void {
  const places = new Places(kind);
  afterEach(() => places.clear());

  describe('the contacts of a campaign with a list', () => {
    it('are each shown once, before their first call too, with what the list says of them', async () => {
      const store = await places.store();
      await store.register(WORKSPACE, { id: 'c', name: 'C', dialer: 'external' }, 'test', NOW, audit);
      const ids = ['zoe', null, 'ann', null, '😀', '\uff5e'];
      await listOf(
        store,
        ids.map((contactId, n) => row(n, { contactId, attributes: { n, plan: 'gold' } })),
      );
      await store.dial.suppress(WORKSPACE, [row(3).number], { reason: null, actor: 'test', at: NOW }, audit);
      const [zoe, second] = await accepted(store, { most: 2 });
      if (!zoe || !second) throw new Error('two were taken');
      await store.apply([initiated(zoe), ended(zoe, 'completed'), initiated(second)]);
      const elsewhere = { to: '+14155550100', status: 'busy', attributes: { plan: 'none' }, contactId: 'ann' } as const;
      await store.apply([
        eventReceipt({ type: 'ended', campaignId: 'c', callId: 'x', at: new Date(NOW).toISOString(), ...elsewhere }),
      ]);
      await taken(store);
      const all = await contacts(store, null, 2);
      expect(all.map(shown).sort()).toEqual(
        [
          ...['ann unreached 1', 'zoe reached 1', `${row(1).number} inFlight 1`],
          ...[`${row(3).number} excluded 0`, '😀 notStarted 0', '\uff5e notStarted 0'],
        ].sort(),
      );
      expect(all.find(({ contactId }) => contactId === 'ann')?.attributes).toEqual({ n: 2, plan: 'none' });
      expect(all.find(({ contactId }) => contactId === 'zoe')?.attributes).toEqual({ n: 0, plan: 'gold' });
      expect((await contacts(store, ['notStarted'], 1)).map(shown)).toHaveLength(2);
      expect((await contacts(store, ['excluded', 'reached'], 9)).map(shown).sort()).toEqual(
        [`${row(3).number} excluded 0`, 'zoe reached 1'].sort(),
      );
      const masked = { filter: { states: null, leads: null }, limit: 9, cursor: null, mask: 'masked' as const };
      expect(JSON.stringify(await store.contacts(WORKSPACE, 'c', masked, NOW))).not.toContain(row(3).number);
    });

    it('are all in pages and files, however many of them were called', async () => {
      const store = await places.store();
      await store.register(WORKSPACE, { id: 'c', name: 'C', dialer: 'external' }, 'test', NOW, audit);
      await listOf(store, 1_000);
      await store.dial.addToList(
        CAMPAIGN,
        Array.from({ length: 600 }, (_, n) => row(1_000 + n)),
        NOW,
      );
      const called = Array.from({ length: 700 }, (_, n) => n * 2);
      await store.apply(
        called.map((n) =>
          eventReceipt({
            ...{ type: 'ended', campaignId: 'c', callId: `c-${n}`, at: new Date(NOW).toISOString() },
            ...{ to: row(n).number, status: 'completed', duration: 9 },
          }),
        ),
      );
      const all = await contacts(store, null, 450);
      expect(new Set(all.map(({ number }) => number)).size).toBe(1_600);
      expect(all).toHaveLength(1_600);
      expect(all.filter(({ state }) => state === 'reached')).toHaveLength(700);
      const file = await store.exportContacts(
        ...([
          WORKSPACE,
          'c',
          { filter: { states: ['notStarted'], leads: null }, format: 'ndjson', mask: 'full' },
          NOW,
        ] as const),
      );
      let lines = 0;
      for await (const piece of file ?? []) lines += Buffer.from(piece).toString().split('\n').filter(Boolean).length;
      expect(lines).toBe(900);
    });
  });
}
