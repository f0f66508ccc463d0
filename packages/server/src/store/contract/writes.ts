import { type CampaignDelivery, type Delivery, MemoryCampaign } from '@ringside/core';
import { deliveries } from '@ringside/core/testing';
import type { CallEventInput, LeadRules, Report } from '@ringside/protocol';
import { defaultSettings } from '@ringside/protocol';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Receipt } from '../../ingest/receipt.ts';
import { auditBy, eventReceipt, WORKSPACE } from '../../testing/engine.ts';
import type { Store } from '../store.ts';
import { Places, type StoreKind } from './place.ts';

const NOW = Date.UTC(2025, 7, 7, 14, 10);
const T0 = Date.UTC(2025, 7, 7, 14);

const ended = (campaignId: string, callId: string, more: Partial<CallEventInput> = {}): Receipt =>
  eventReceipt({
    type: 'ended',
    campaignId,
    callId,
    at: new Date(T0).toISOString(),
    status: 'completed',
    duration: 60,
    to: '+919876543210',
    ...more,
  } as CallEventInput);

const receiptOf = (campaignId: string, delivery: Delivery): Receipt => ({
  kind: 'delivery',
  workspace: WORKSPACE,
  receivedAt: delivery.receivedAt,
  campaignId,
  delivery,
});

/** What every store owes those who write to it. @param runs random campaigns of the law */
export function writesContract(kind: () => StoreKind, runs: number): void {
  const places = new Places(kind);
  afterEach(() => places.clear());

  describe('what is written', () => {
    it('gives the same reports as the fold in memory, whatever the batches, also after a restart', async () => {
      const store = await places.store();
      const seen = new Map<string, unknown>();
      const batched = fc.tuple(deliveries, fc.integer({ min: 1, max: 7 }), fc.boolean());
      await fc.assert(
        fc.asyncProperty(batched, async ([list, size, again]) => {
          const campaignId = `law-${seen.size}`;
          const memory = new MemoryCampaign();
          const receipts = list.map((delivery) => receiptOf(campaignId, delivery));
          for (let at = 0; at < list.length; at += size) {
            memory.apply(list.slice(at, at + size));
            await store.apply(receipts.slice(at, at + size));
            if (again) {
              const { results } = await store.apply(receipts.slice(0, at + size));
              expect(results.every(({ result }) => result === 'unchanged')).toBe(true);
            }
          }
          await rescored(store);
          const stored = await reportOf(store, campaignId);
          seen.set(campaignId, timeless(stored));
          expect(timeless(stored)).toEqual({
            ...memory.report(Date.parse(stored?.asOf ?? '')),
            campaignId,
            campaignName: stored?.campaignName === 'n' ? 'n' : campaignId,
          });
        }),
        { numRuns: runs },
      );
      const reopened = await places.reopened(store);
      for (const [campaignId, before] of seen) expect(timeless(await reportOf(reopened, campaignId))).toEqual(before);
    });

    it('is the same in whatever order and batches it came', async () => {
      const store = await places.store();
      let laws = 0;
      const shuffled = deliveries.chain((list) =>
        fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
      );
      await fc.assert(
        fc.asyncProperty(shuffled, async ([list, other]) => {
          const id = `order-${laws++}`;
          await store.apply(list.map((delivery) => receiptOf(`${id}-a`, delivery)));
          await Promise.all(other.map((delivery) => store.apply([receiptOf(`${id}-b`, delivery)])));
          await rescored(store);
          const [a, b] = [await reportOf(store, `${id}-a`), await reportOf(store, `${id}-b`)];
          expect({ ...timeless(b), campaignId: '', campaignName: '' }).toEqual({
            ...timeless(a),
            campaignId: '',
            campaignName: '',
          });
        }),
        { numRuns: Math.ceil(runs / 3) },
      );
    });

    it('keeps the same campaign id of two workspaces apart', async () => {
      const store = await places.store();
      const others = [ended('same', 'b'), ended('same', 'c')].map((one) => ({ ...one, workspace: 'other' }));
      await store.apply([ended('same', 'a'), ...others]);
      expect((await reportOf(store, 'same'))?.progress.attempts).toBe(1);
      expect((await store.report('other', 'same', 0, NOW))?.report.progress.attempts).toBe(2);
    });

    it('makes no more unregistered campaigns than a workspace may have', async () => {
      const store = await places.store(3);
      const { results } = await store.apply(['1', '2', '3', '4'].map((n) => ended(`u-${n}`, `call-${n}`)));
      expect(results.map(({ result }) => result).sort()).toEqual(['accepted', 'accepted', 'accepted', 'rejected']);
      expect(results).toContainEqual({ result: 'rejected', code: 'too-many-campaigns' });
      const again = await store.apply([ended('u-5', 'call-5'), { ...ended('u-1', 'x'), workspace: 'other' }]);
      expect(again.results.map(({ result }) => result)).toEqual(['rejected', 'accepted']);
      const campaign = { id: 'u-5', name: 'registered', dialer: 'external' } as const;
      expect(await store.register(WORKSPACE, campaign, 'key', NOW, auditBy('key', NOW))).toMatchObject({
        outcome: 'created',
      });
    });

    it('sets a receipt apart that the fold cannot take, and applies the others', async () => {
      const store = await places.store();
      const poison = ended('c', 'poison');
      // Every text passes through the edge; a value like this one could only come from a fault of ours.
      const broken = {
        ...poison,
        delivery: { ...(poison as { delivery: object }).delivery, events: [{ type: 'ended' }] },
      };
      const { results, touched } = await store.apply([
        ended('c', '1'),
        broken as unknown as Receipt,
        ended('c', '2'),
        ended('d', '3'),
      ]);
      expect(results.map(({ result }) => result)).toEqual(['accepted', 'rejected', 'accepted', 'accepted']);
      expect(results[1]).toEqual({ result: 'rejected', code: 'internal-error' });
      expect(new Set(touched.map(({ campaignId }) => campaignId))).toEqual(new Set(['c', 'd']));
      expect((await reportOf(store, 'c'))?.progress.attempts).toBe(2);
    });

    it('reads earlier local numbers again once the default country is known', async () => {
      const store = await places.store();
      const local = (id: string) => [
        ended(id, '1', { to: '9876543210', status: 'busy' }),
        ended(id, '2', { to: '+919876543210', at: new Date(T0 + 60_000).toISOString() }),
        ended(id, '3', { to: '98765 43211', contactId: 'p', status: 'busy' }),
      ];
      await store.apply(local('late'));
      const register = (id: string) => {
        const campaign = { id, name: 'n', dialer: 'external', defaultCountry: 'IN' } as const;
        return store.register(WORKSPACE, campaign, 'key', T0, auditBy('key', NOW));
      };
      await register('late');
      await register('early');
      await store.apply(local('early'));
      const late = await reportOf(store, 'late');
      // Three calls of two people, where the local spelling alone would make three.
      expect(late?.progress.ledger).toMatchObject({ reached: 1 });
      expect({ ...timeless(late), campaignId: '' }).toEqual({
        ...timeless(await reportOf(store, 'early')),
        campaignId: '',
      });
      const reopened = await places.reopened(store);
      expect(timeless(await reportOf(reopened, 'late'))).toEqual(timeless(late));
    });

    it('scores past calls again when the rules change, and new campaigns by those of their workspace', async () => {
      const store = await places.store();
      const rules: LeadRules = { ...defaultSettings.leadRules };
      await store.apply(
        Array.from({ length: 30 }, (_, n) => ended('c', `${n}`, { digits: n % 2 ? '1' : '2' } as object)),
      );
      const before = await reportOf(store, 'c');
      await store.putSettings(WORKSPACE, { ...defaultSettings, leadRules: changedRules(rules) }, auditBy('key', NOW));
      expect(await store.settings(WORKSPACE)).toMatchObject({ leadRules: changedRules(rules) });
      await store.apply(
        Array.from({ length: 30 }, (_, n) => ended('d', `${n}`, { digits: n % 2 ? '1' : '2' } as object)),
      );
      await store.apply([rulesFor('c', changedRules(rules))]);
      await rescored(store);
      const [c, d] = [await reportOf(store, 'c'), await reportOf(store, 'd')];
      expect(c?.leads).toEqual(d?.leads);
      expect(c?.leads).not.toEqual(before?.leads);
    });

    it('tells once that a campaign was registered, and leaves one with other facts as it is', async () => {
      const store = await places.store();
      const campaign = { id: 'c', name: 'first', dialer: 'external', totalCalls: 5 } as const;
      const register = (wanted: typeof campaign | { id: string; name: string; dialer: 'external' }) =>
        store.register(WORKSPACE, wanted, 'key', NOW, { ...auditBy('key', NOW), action: 'campaign.registered' });
      expect((await register(campaign)).outcome).toBe('created');
      expect((await register(campaign)).outcome).toBe('same');
      const other = await register({ id: 'c', name: 'other', dialer: 'external' });
      expect(other).toMatchObject({ outcome: 'conflict', campaign: { name: 'first' } });
      const entries = await store.access.auditEntries(WORKSPACE, {
        limit: 9,
        before: null,
        action: null,
        target: null,
      });
      expect(entries.map(({ action }) => action)).toEqual(['campaign.registered']);
      expect(await store.patch(WORKSPACE, 'nobody', { name: 'x' }, 'key', NOW, auditBy('key', NOW))).toBeNull();
      const patched = await store.patch(WORKSPACE, 'c', { totalCalls: 7 }, 'key', NOW + 1, auditBy('key', NOW));
      expect(patched?.campaign).toMatchObject({ totalCalls: 7, name: 'first' });
      expect(
        (await store.timeline(WORKSPACE, 'c', { limit: 1_000, before: null }, NOW + 2))?.items.map(({ kind }) => kind),
      ).toEqual(['registered', 'changed']);
    });
  });
}

export async function reportOf(store: Store, campaignId: string): Promise<Report | undefined> {
  return (await store.report(WORKSPACE, campaignId, 100, NOW))?.report;
}

async function rescored(store: Store): Promise<void> {
  while ((await store.rescoreStep(NOW, null)).more);
}

/** Without what differs between histories that mean the same, and without the forecast, which is made apart. */
export function timeless(report: Report | undefined) {
  const { version: _v, revision: _r, asOf: _a, forecast: _f, progress, timeline, ...rest } = report ?? ({} as Report);
  return {
    ...rest,
    progress: { ...progress, estimatedTimeRemaining: null },
    timeline: { ...timeline, estimatedEndTime: null },
    forecast: null,
  };
}

function changedRules(rules: LeadRules): LeadRules {
  return { ...rules, hotFrom: 1, warmFrom: 0 };
}

function rulesFor(campaignId: string, leadRules: LeadRules): Receipt {
  const about = { about: 'campaign', type: 'facts', source: 'api', registers: false, actor: null } as const;
  const delivery = { ...about, hash: 'rules', receivedAt: NOW, at: NOW, facts: { leadRules } } as CampaignDelivery;
  return { kind: 'delivery', workspace: WORKSPACE, receivedAt: NOW, campaignId, delivery };
}
