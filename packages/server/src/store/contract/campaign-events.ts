import type { CampaignDelivery } from '@ringside/core';
import { deliveries } from '@ringside/core/testing';
import type { CampaignChange, TimelineItem } from '@ringside/protocol';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Receipt } from '../../ingest/receipt.ts';
import { auditBy, eventReceipt, WORKSPACE } from '../../testing/engine.ts';
import { CHANGES_PER_DAY, EVENTS_PER_CALL } from '../limits.ts';
import type { Store, TimelinePage } from '../store.ts';
import { Places, type StoreKind } from './place.ts';

const T0 = Date.UTC(2025, 7, 7, 0, 0);
const DAY_MS = 24 * 3_600_000;

type Limited = Receipt & { readonly kind: 'delivery' };

/** A change that a dialer tells of. */
function changed(at: number, change: CampaignChange): Limited {
  const about = { about: 'campaign', type: 'change', source: 'api', reason: null, actor: 'dialer' } as const;
  const delivery: CampaignDelivery = { ...about, change, hash: `${at}-${change}`, receivedAt: at, at };
  return { kind: 'delivery', workspace: WORKSPACE, receivedAt: at, campaignId: 'c', delivery, isLimited: true };
}

/** What the server itself met. */
function fault(at: number): Receipt {
  const delivery: CampaignDelivery = {
    ...{ about: 'campaign', type: 'fault', source: 'sweeper', hash: `${at}-fault`, receivedAt: at, at },
    code: 'answer-xml-missing',
  };
  return { kind: 'delivery', workspace: WORKSPACE, receivedAt: at, campaignId: 'c', delivery };
}

const toggles = (count: number, from: number, stepMs: number): Limited[] =>
  Array.from({ length: count }, (_, n) => changed(from + n * stepMs, n % 2 === 0 ? 'paused' : 'resumed'));

const called = (at: number): Receipt =>
  eventReceipt({
    type: 'initiated',
    campaignId: 'c',
    callId: `call-${at}`,
    at: new Date(at).toISOString(),
    to: '+919876543210',
  });

async function tell(store: Store, receipts: readonly Receipt[]): Promise<string[]> {
  const told: string[] = [];
  for (let at = 0; at < receipts.length; at += 500) {
    const { results } = await store.apply(receipts.slice(at, at + 500));
    told.push(...results.map((one) => (one.result === 'rejected' ? one.code : one.result)));
  }
  return told;
}

/** What a store owes campaigns of which very much is said. */
export function campaignEventsContract(kind: () => StoreKind): void {
  const places = new Places(kind);
  afterEach(() => places.clear());

  describe('what is said of a campaign', () => {
    it('is read in pages, the newest first, which make up the whole', async () => {
      const store = await places.store();
      await tell(store, [...toggles(40, T0, 1_000), called(T0 + 10_500), called(T0 + 41_000)]);
      const page = (limit: number, before: string | null) =>
        store.timeline(WORKSPACE, 'c', { limit, before }, T0 + 60_000);
      const whole = (await page(1_000, null))?.items ?? [];
      expect(whole).toHaveLength(41);
      expect(whole.at(-1)).toMatchObject({ kind: 'resumed', at: '2025-08-07T00:00:39Z' });
      const pages: (readonly TimelineItem[])[] = [];
      let before: string | null = null;
      do {
        const older: TimelinePage | null = await page(7, before);
        pages.unshift(older?.items ?? []);
        before = older?.next ?? null;
      } while (before !== null);
      expect(pages).toHaveLength(6);
      expect(pages.flat()).toEqual(whole);
      expect(whole.filter(({ kind: what }) => what === 'first-call')).toHaveLength(1);
      expect(await store.timeline(WORKSPACE, 'nobody', { limit: 1, before: null }, T0)).toBeNull();
    });

    it('leaves its record as small and its active time right, and the doctor finds the same', async () => {
      const store = await places.store();
      const sizeOf = async () => JSON.stringify(await store.declared(WORKSPACE, 'c', T0)).length;
      await tell(store, [changed(T0 - 60_000, 'started'), ...toggles(10, T0, 30_000)]);
      const small = await sizeOf();
      const more = toggles(1_800, T0 + 300_000, 500);
      // Late ones come between those that are stored.
      await tell(store, [
        ...more.filter((_, n) => n % 3 > 0),
        called(T0 + 500_000),
        ...more.filter((_, n) => n % 3 === 0),
      ]);
      expect((await sizeOf()) - small).toBeLessThan(40);
      expect(await tell(store, more)).toEqual(more.map(() => 'unchanged'));
      const again = await places.reopened(store);
      expect((await again.declared(WORKSPACE, 'c', T0))?.events).toBe(1_811);
      expect(await places.of(again).differences(T0)).toEqual([]);
    });

    it('is refused beyond a number of a dialer’s changes a day, but for what a person commands or was taken before', async () => {
      const store = await places.store();
      const day = toggles(CHANGES_PER_DAY, T0, 1_000);
      expect((await tell(store, day)).every((result) => result === 'accepted')).toBe(true);
      const next = changed(T0 + DAY_MS - 1, 'completed');
      const over = [next, day[7] as Receipt, called(T0 + DAY_MS - 2)];
      expect(await tell(store, over)).toEqual(['too-many-events', 'unchanged', 'accepted']);
      const command = {
        kind: 'command',
        actor: 'Asha',
        reason: null,
        until: null,
        hangUp: false,
        outcomes: null,
      } as const;
      await store.register(
        WORKSPACE,
        { id: 'c', name: 'c', dialer: 'built-in' },
        'Asha',
        T0 + DAY_MS - 1,
        auditBy('Asha', T0),
      );
      const cancel = { ...command, command: 'cancel', ask: null } as const;
      const done = await store.control(WORKSPACE, 'c', cancel, T0 + DAY_MS - 1, auditBy('Asha', T0));
      expect(done).toMatchObject({ outcome: 'changed' });
      expect(await tell(store, [{ ...next, isLimited: false }])).toEqual(['accepted']);
      expect(await tell(store, [changed(T0 + DAY_MS, 'paused')])).toEqual(['accepted']);
    });

    it('is refused beyond a number of events of one call, but for its end and what was taken before', async () => {
      const store = await places.store();
      const told = (type: 'note' | 'ended', n: number): Limited => {
        const about = { callId: 'one', campaignId: 'c', at: new Date(T0 + n).toISOString() };
        const event = type === 'ended' ? { type, ...about, status: 'completed' as const } : { type, ...about };
        return { ...(eventReceipt(event) as Limited), isLimited: true };
      };
      const notes = Array.from({ length: EVENTS_PER_CALL }, (_, n) => told('note', n));
      expect(new Set(await tell(store, notes))).toEqual(new Set(['accepted']));
      const more = [told('note', 900), notes[3] as Limited, told('ended', 901), told('ended', 902), called(T0)];
      expect(await tell(store, more)).toEqual(['call-full', 'unchanged', 'accepted', 'call-full', 'accepted']);
      expect(await tell(store, [{ ...told('note', 900), isLimited: false }])).toEqual(['accepted']);
    });

    it('comes to the same where it lay in the record before an upgrade', async () => {
      const store = await places.store();
      const campaigns = fc.sample(deliveries, { numRuns: 25, seed: 14 });
      for (const [n, list] of campaigns.entries()) {
        const receipts = list.map((delivery): Receipt => {
          const { receivedAt } = delivery;
          return { kind: 'delivery', workspace: WORKSPACE, receivedAt, campaignId: `c-${n}`, delivery };
        });
        await store.apply(receipts);
      }
      await tell(store, [...toggles(300, T0, 777), ...toggles(5, T0 + 600_000, 20_000), called(T0 + 1), fault(T0 + 2)]);
      while ((await store.rescoreStep(T0, null)).more);
      const ids = ['c', ...campaigns.map((_, n) => `c-${n}`)];
      const at = T0 + 700_000;
      const all = (of: Store) =>
        Promise.all(
          ids.map(async (id) => [
            await of.declared(WORKSPACE, id, at),
            (await of.timeline(WORKSPACE, id, { limit: 1_000, before: null }, at))?.items,
            (await of.report(WORKSPACE, id, 10, at))?.report,
          ]),
        );
      const before = await all(store);
      const upgraded = await places.reopened(store, (place) => place.takeBack());
      expect(await all(upgraded)).toEqual(before);
      expect(await places.of(upgraded).differences(at)).toEqual([]);
    });
  });
}
