import type { Delivery } from '@ringside/core';
import { deliveries, T0 } from '@ringside/core/testing';
import { defaultSettings } from '@ringside/protocol';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { differencesIn, storedCalls } from '../../testing/differences.ts';
import { auditBy, callbackReceipt, eventReceipt, openEngine, WORKSPACE } from '../../testing/engine.ts';
import { temporaryFolder } from '../../testing/running-server.ts';
import { comparable } from '../../testing/same-report.ts';
import type { Engine } from './engine.ts';
import { Reader } from './reader.ts';

const DAY = 24 * 3_600_000;
const NOW = T0 + 20 * DAY;
const indian = { id: 'c', name: 'C', dialer: 'external', defaultCountry: 'IN' } as const;

let folder: ReturnType<typeof temporaryFolder>;
let engine: Engine;
beforeEach(() => {
  folder = temporaryFolder();
  engine = openEngine(folder.path);
});
afterEach(() => {
  engine.close();
  folder.remove();
});

/** Deletes what was last heard of at a moment or before. */
function retainUntil(until: number): void {
  engine.putSettings(WORKSPACE, { ...defaultSettings, retention: { callDays: 1 } }, auditBy('test', NOW));
  while (engine.retainStep(until + DAY).more);
}

const shown = (campaignId: string) => {
  const report = engine.report(WORKSPACE, campaignId, 0, NOW)?.report;
  return report && comparable(report);
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

describe('deleting old records', () => {
  it('changes no report of now or since, whatever is deleted, and the doctor finds nothing', async () => {
    let campaigns = 0;
    let deleted = 0;
    await fc.assert(
      fc.asyncProperty(deliveries, fc.integer({ min: 0, max: 45 }), async (all, step) => {
        const campaignId = `law-${campaigns++}`;
        const until = T0 + step * 7_500;
        const list = all.filter((delivery) => !isAboutRules(delivery));
        for (const receipt of receipts(campaignId, list)) engine.apply([receipt]);
        const reader = new Reader(folder.path);
        const past = async (at: number) => {
          const report = await reader.reportAsOf(WORKSPACE, campaignId, at, 0);
          return report && 'campaignId' in report ? comparable(report) : report;
        };
        const later = [until, until + 7_500, T0 + 500_000];
        const before = {
          now: shown(campaignId),
          since: await Promise.all(later.map(past)),
          calls: callsOf(campaignId),
        };
        retainUntil(until);
        expect({ now: shown(campaignId), since: await Promise.all(later.map(past)) }).toEqual({
          now: before.now,
          since: before.since,
        });
        if (callsOf(campaignId) < before.calls) {
          deleted += 1;
          expect(await past(until - 1)).toEqual({ deletedBefore: until });
        }
        reader.close();
        // What comes later is still folded into what is left, and comes to what its deliveries say.
        engine.apply(receipts(campaignId, all));
        while (engine.rescoreStep(NOW).more);
      }),
      { numRuns: Number(process.env.LAW_RUNS ?? 120) },
    );
    expect(deleted).toBeGreaterThan(20);
    expect(differencesIn(folder.path, NOW)).toEqual([]);
  });

  it('survives a restart and a repair', () => {
    const end = (callId: string, at: string, to: string) =>
      eventReceipt({ type: 'ended', campaignId: 'c', callId, at, to, status: 'completed', duration: 60 });
    engine.apply([
      end('old', '2025-08-01T10:00:00Z', '+919876543210'),
      end('new', '2025-08-07T10:00:00Z', '+14155550100'),
    ]);
    const before = shown('c');
    retainUntil(Date.parse('2025-08-02T00:00:00Z'));
    engine.close();
    engine = openEngine(folder.path);
    expect(shown('c')).toEqual(before);
    expect(engine.apply([end('old', '2025-08-01T10:00:00Z', '+919876543210')]).results).toEqual([
      { result: 'rejected', code: 'past-retention' },
    ]);
    // A default country makes it fold everything again: the base must be added to what is left.
    engine.register(WORKSPACE, indian, 'test', NOW, auditBy('test', NOW));
    expect(shown('c')).toMatchObject({ progress: { attempts: 2, completedCalls: 2 } });
    expect(differencesIn(folder.path, NOW)).toEqual([]);
  });

  it('keeps who may still be called, and all who share a number or an id with them', async () => {
    engine.register(
      WORKSPACE,
      { id: 'c', name: 'C', dialer: 'external', retry: { maxAttempts: 2, delaySeconds: 5 * 86_400 } },
      'test',
      T0,
      auditBy('test', T0),
    );
    const at = (day: number) => new Date(T0 + day * DAY).toISOString();
    const about = { type: 'ended', campaignId: 'c' } as const;
    engine.apply([
      eventReceipt({ ...about, callId: 'waits', at: at(0), to: '+911', status: 'busy' }),
      eventReceipt({ ...about, callId: 'live-now', at: at(0), to: '+912', status: 'completed', duration: 9 }),
      eventReceipt({ type: 'initiated', campaignId: 'c', callId: 'live', at: at(1.5), to: '+912' }),
      eventReceipt({
        ...about,
        callId: 'shares',
        at: at(0),
        to: '+913',
        contactId: 'ann',
        status: 'completed',
        duration: 9,
      }),
      eventReceipt({
        ...about,
        callId: 'newer',
        at: at(3),
        to: '+914',
        contactId: 'ann',
        status: 'completed',
        duration: 9,
      }),
      eventReceipt({ ...about, callId: 'done', at: at(0), to: '+915', status: 'completed', duration: 9 }),
      eventReceipt({ type: 'note', campaignId: 'c', callId: 'noted', at: at(0), to: '+916' }),
      // One call of Bob's says that +917 is also Ann's: so another call to +917 is hers.
      eventReceipt({
        ...about,
        callId: 'stated',
        at: at(0),
        to: '+917',
        contactId: 'ann-2',
        status: 'completed',
        duration: 9,
      }),
      eventReceipt({ type: 'note', campaignId: 'c', callId: 'stated', at: at(0.1), contactId: 'bob' }),
      eventReceipt({ ...about, callId: 'follows', at: at(3), to: '+917', status: 'completed', duration: 9 }),
      // What an old call of Cem's says of +918 is said again by a new one, which is Dan's.
      eventReceipt({
        ...about,
        callId: 'said',
        at: at(0),
        to: '+918',
        contactId: 'cem',
        status: 'completed',
        duration: 9,
      }),
      eventReceipt({
        ...about,
        callId: 'again',
        at: at(3),
        to: '+918',
        contactId: 'cem',
        status: 'completed',
        duration: 9,
      }),
      eventReceipt({ type: 'note', campaignId: 'c', callId: 'again', at: at(3.1), contactId: 'dan' }),
    ]);
    retainUntil(T0 + 2 * DAY);
    const reader = new Reader(folder.path);
    const left: string[] = [];
    for (const id of [
      'waits',
      'live-now',
      'live',
      'shares',
      'newer',
      'done',
      'noted',
      'stated',
      'follows',
      'said',
      'again',
    ])
      if ((await reader.call(WORKSPACE, 'c', id, 'full')).outcome === 'call') left.push(id);
    reader.close();
    expect(left).toEqual(['waits', 'live-now', 'live', 'shares', 'newer', 'stated', 'follows', 'said', 'again']);
    // What is still stored may be told of to the end, also with an old date.
    const late = eventReceipt({ ...about, callId: 'live', at: at(1.6), to: '+912', status: 'busy' });
    expect(engine.apply([late]).results).toEqual([{ result: 'accepted' }]);
    expect(differencesIn(folder.path, NOW)).toEqual([]);
  });

  it('tells the audit log once for a pass, and deletes old callbacks without a campaign', () => {
    const end = (callId: string) =>
      eventReceipt({ type: 'ended', campaignId: 'c', callId, at: '2025-08-01T10:00:00Z', status: 'busy' });
    engine.apply([end('a'), end('b')]);
    const ring = (receivedAt: number, id: string) =>
      callbackReceipt(receivedAt, '', `CallUUID=${id}&Event=Ring&To=919876543210`);
    engine.apply([ring(T0, 'x')]);
    engine.apply([ring(T0 + 5 * DAY, 'y')]);
    for (let passes = 0; passes < 2; passes++) retainUntil(T0 + DAY);
    const choice = { limit: 10, before: null, action: 'retention', target: null };
    expect(engine.access('auditEntries', [WORKSPACE, choice])).toMatchObject([
      { actor: 'retention', target: 'c', after: { calls: 2, contacts: 2 } },
    ]);
    expect(engine.ping().unassigned).toBe(1);
  });
});

const callsOf = (campaignId: string): number => storedCalls(folder.path, WORKSPACE, campaignId);
