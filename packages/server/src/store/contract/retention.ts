import type { Delivery } from '@ringside/core';
import { deliveries, T0 } from '@ringside/core/testing';
import { type CallEventInput, defaultSettings } from '@ringside/protocol';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { auditBy, callbackReceipt, eventReceipt, WORKSPACE } from '../../testing/engine.ts';
import { comparable } from '../../testing/same-report.ts';
import type { Store } from '../store.ts';
import { Places, type StoreKind } from './place.ts';

const DAY = 24 * 3_600_000;
const NOW = T0 + 20 * DAY;
const indian = { id: 'c', name: 'C', dialer: 'external', defaultCountry: 'IN' } as const;

/** Deletes what was last heard of at a moment or before. */
export async function retainUntil(store: Store, until: number): Promise<void> {
  await store.putSettings(WORKSPACE, { ...defaultSettings, retention: { callDays: 1 } }, auditBy('test', NOW));
  while ((await store.retainStep(until + DAY, null)).more);
}

const shown = async (store: Store, campaignId: string) => {
  const stored = await store.report(WORKSPACE, campaignId, 0, NOW);
  return stored && comparable(stored.report);
};

/** Counts of a past moment, or since when there are any. */
const past = async (store: Store, campaignId: string, at: number) => {
  const report = await store.reportAsOf(WORKSPACE, campaignId, at, 0);
  return report && 'campaignId' in report ? comparable(report) : report;
};

const receipts = (campaignId: string, list: readonly Delivery[]) =>
  list.map((delivery) => ({
    kind: 'delivery' as const,
    workspace: WORKSPACE,
    receivedAt: delivery.receivedAt,
    campaignId,
    delivery,
  }));

const isAboutRules = (delivery: Delivery): boolean =>
  delivery.about === 'campaign' && delivery.type === 'facts' && delivery.facts.leadRules !== undefined;

const told = (store: Store, target: string) =>
  store.access.auditEntries(WORKSPACE, { limit: 10, before: null, action: 'retention', target });

/** What every store owes those whose records are to go. @param runs random campaigns of the law */
export function retentionContract(kind: () => StoreKind, runs: number): void {
  const places = new Places(kind);
  afterEach(() => places.clear());

  describe('deleting old records', () => {
    it('changes no report of now or since, whatever is deleted, and the doctor finds nothing', async () => {
      const store = await places.store();
      let campaigns = 0;
      let deleted = 0;
      await fc.assert(
        fc.asyncProperty(deliveries, fc.integer({ min: 0, max: 45 }), async (all, step) => {
          const campaignId = `law-${campaigns++}`;
          const until = T0 + step * 7_500;
          const list = all.filter((delivery) => !isAboutRules(delivery));
          for (const receipt of receipts(campaignId, list)) await store.apply([receipt]);
          const later = [until, until + 7_500, T0 + 500_000];
          const since = () => Promise.all(later.map((at) => past(store, campaignId, at)));
          const before = { now: await shown(store, campaignId), since: await since() };
          await retainUntil(store, until);
          expect({ now: await shown(store, campaignId), since: await since() }).toEqual(before);
          if ((await told(store, campaignId)).length > 0) {
            deleted += 1;
            expect(await past(store, campaignId, until - 1)).toEqual({ deletedBefore: until });
          }
          // What comes later is still folded into what is left, and comes to what its deliveries say.
          await store.apply(receipts(campaignId, all));
          while ((await store.rescoreStep(NOW, null)).more);
        }),
        { numRuns: runs },
      );
      expect(deleted).toBeGreaterThan(runs / 20);
      expect(await places.of(store).differences(NOW)).toEqual([]);
    }, 120_000);

    it('survives a restart, and numbers that are read otherwise', async () => {
      let store = await places.store();
      const end = (callId: string, at: string, to: string) =>
        eventReceipt({ type: 'ended', campaignId: 'c', callId, at, to, status: 'completed', duration: 60 });
      await store.apply([
        end('old', '2025-08-01T10:00:00Z', '+919876543210'),
        end('new', '2025-08-10T10:00:00Z', '9876543211'),
        end('same', '2025-08-10T11:00:00Z', '+919876543211'),
      ]);
      await retainUntil(store, Date.parse('2025-08-05T00:00:00Z'));
      store = await places.reopened(store);
      const again = await store.apply([end('old', '2025-08-01T10:00:00Z', '+919876543210')]);
      expect(again.results).toEqual([{ result: 'rejected', code: 'past-retention' }]);
      await store.register(WORKSPACE, indian, 'test', NOW, auditBy('test', NOW));
      expect(await shown(store, 'c')).toMatchObject({ progress: { attempts: 3, totalCalls: 2, completedCalls: 2 } });
      expect((await store.call(WORKSPACE, 'c', 'old', 'full')).outcome).toBe('no-call');
      expect(await places.of(store).differences(NOW)).toEqual([]);
    });

    it('finds the latest moment again, also when it was told of by a deleted call', async () => {
      const store = await places.store();
      const end = eventReceipt({
        ...{ type: 'ended', campaignId: 'c', callId: 'last', at: new Date(T0 + 600_000).toISOString() },
        ...{ to: '+14155550100', status: 'completed', duration: 60 },
      });
      const ring = (at: number) => callbackReceipt(at, 'campId=c', 'CallUUID=live&Event=Ring&To=919876543210');
      await store.apply([end]);
      await store.apply([ring(T0 + 2 * DAY)]);
      await retainUntil(store, T0 + DAY);
      expect((await store.call(WORKSPACE, 'c', 'last', 'full')).outcome).toBe('no-call');
      // A copy that was received before the one that gave the latest moment.
      expect((await store.apply([ring(T0 + 1_000)])).results).toEqual([{ result: 'accepted' }]);
      expect(await places.of(store).differences(NOW)).toEqual([]);
    });

    it('keeps calls that belong to others which stay, are still live, or wait for a retry', async () => {
      const store = await places.store();
      await store.register(
        WORKSPACE,
        { id: 'c', name: 'C', dialer: 'external', retry: { maxAttempts: 2, delaySeconds: 5 * 86_400 } },
        'test',
        T0,
        auditBy('test', T0),
      );
      const at = (days: number) => new Date(T0 + days * DAY).toISOString();
      const end = (callId: string, days: number, to: string, contactId?: string): CallEventInput => ({
        ...{ type: 'ended', campaignId: 'c', callId, at: at(days), to, status: 'completed', duration: 9 },
        ...(contactId && { contactId }),
      });
      const note = (callId: string, days: number, more: { to?: string; contactId?: string }): CallEventInput => ({
        ...{ type: 'note', campaignId: 'c', callId, at: at(days) },
        ...more,
      });
      const events: CallEventInput[] = [
        { type: 'ended', campaignId: 'c', callId: 'waits', at: at(0), to: '+911', status: 'busy' },
        end('live-now', 0, '+912'),
        { type: 'initiated', campaignId: 'c', callId: 'live', at: at(1.5), to: '+912' },
        end('shares', 0, '+913', 'ann'),
        end('newer', 3, '+914', 'ann'),
        end('done', 0, '+915'),
        note('noted', 0, { to: '+916' }),
        // One call of Bob's says that +917 is also Ann's: so another call to +917 is hers.
        end('stated', 0, '+917', 'ann-2'),
        note('stated', 0.1, { contactId: 'bob' }),
        end('follows', 3, '+917'),
        // What an old call of Cem's says of +918 is said again by a new one, which is Dan's.
        end('said', 0, '+918', 'cem'),
        end('again', 3, '+918', 'cem'),
        note('again', 3.1, { contactId: 'dan' }),
      ];
      await store.apply(events.map((event) => eventReceipt(event)));
      await retainUntil(store, T0 + 2 * DAY);
      const left: string[] = [];
      for (const id of new Set(events.map(({ callId }) => callId))) {
        if ((await store.call(WORKSPACE, 'c', id, 'full')).outcome === 'call') left.push(id);
      }
      expect(left).toEqual(['waits', 'live-now', 'live', 'shares', 'newer', 'stated', 'follows', 'said', 'again']);
      // What is still stored may be told of to the end, also with an old date.
      const late = eventReceipt({
        ...{ type: 'ended', campaignId: 'c', callId: 'live', at: at(1.6), to: '+912', status: 'busy' },
      });
      expect((await store.apply([late])).results).toEqual([{ result: 'accepted' }]);
      expect(await places.of(store).differences(NOW)).toEqual([]);
    });

    it('tells the audit log once for a pass, and deletes old callbacks without a campaign', async () => {
      const store = await places.store();
      const end = (callId: string) =>
        eventReceipt({ type: 'ended', campaignId: 'c', callId, at: '2025-08-01T10:00:00Z', status: 'busy' });
      await store.apply([end('a'), end('b')]);
      const ring = (receivedAt: number, id: string) =>
        callbackReceipt(receivedAt, '', `CallUUID=${id}&Event=Ring&To=919876543210`);
      await store.apply([ring(T0, 'x')]);
      await store.apply([ring(T0 + 5 * DAY, 'y')]);
      for (let passes = 0; passes < 2; passes++) await retainUntil(store, T0 + DAY);
      expect(await told(store, 'c')).toMatchObject([
        { actor: 'retention', target: 'c', after: { calls: 2, contacts: 2 } },
      ]);
      expect((await store.ping()).unassigned).toBe(1);
      expect((await store.apply([callbackReceipt(T0, 'campId=c', hangup)])).results).toEqual([{ result: 'aside' }]);
      expect((await store.ping()).unassigned).toBe(2);
      expect(await places.of(store).texts()).toContain('"past-retention"');
    });

    it('shows that the feed lost calls, and moves no version where it lost none', async () => {
      const store = await places.store();
      const end = (callId: string, at: number) =>
        eventReceipt({ type: 'ended', campaignId: 'c', callId, at: new Date(at).toISOString(), status: 'busy' });
      await store.apply([end('old', T0)]);
      await store.apply(Array.from({ length: 100 }, (_, n) => end(`new-${n}`, T0 + 5 * DAY + n)));
      const before = await store.report(WORKSPACE, 'c', 100, NOW);
      await retainUntil(store, T0 + DAY);
      expect((await store.report(WORKSPACE, 'c', 100, NOW))?.version).toBe(before?.version);
      await retainUntil(store, T0 + 6 * DAY);
      const after = await store.report(WORKSPACE, 'c', 100, NOW);
      expect(after?.version).toBeGreaterThan(before?.version ?? 0);
      expect([after?.report.recentActivity.length, after?.report.progress.attempts]).toEqual([0, 101]);
      expect(await places.of(store).differences(NOW)).toEqual([]);
    });
  });
}

const hangup = new URLSearchParams({
  ...{ CallUUID: 'z', Event: 'Hangup', To: '919876543210', CallStatus: 'busy', HangupCause: 'Busy' },
  ...{ SessionStart: '2025-08-01 10:00:00', StartTime: '2025-08-01 10:00:00', EndTime: '2025-08-01 10:00:09' },
}).toString();
