import type { Report } from '@ringside/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type AnswerStep,
  type CommandStep,
  type Controlled,
  type ControlStep,
  pendingOrderOf,
} from '../../control/control-step.ts';
import { campaignDelivery } from '../../ingest/api-event.ts';
import { auditBy, WORKSPACE } from '../../testing/engine.ts';
import type { Store } from '../store.ts';
import { accepted, initiated, listOf } from './dialing-steps.ts';
import { Places, type StoreKind } from './place.ts';

const NOW = Date.UTC(2025, 7, 7, 14);
const ASK = { id: 'ord_1', timeoutMs: 30_000 };
const REF = { workspace: WORKSPACE, campaignId: 'c' };

const command = (name: CommandStep['command'], more: Partial<CommandStep> = {}): CommandStep => ({
  ...{ kind: 'command', command: name, actor: 'Asha', reason: 'a reason', until: null, hangUp: false },
  ...{ outcomes: null, ask: null, ...more },
});

/** What every store owes those who command campaigns. */
export function controlContract(kind: () => StoreKind): void {
  const places = new Places(kind);
  afterEach(() => places.clear());

  const take = (store: Store, step: ControlStep, now = NOW): Promise<Controlled | null> =>
    store.control(WORKSPACE, 'c', step, now, { ...auditBy('Asha', now), action: `campaign.${step.kind}` });
  const register = async (store: Store, dialer: 'built-in' | 'external', more: object = {}): Promise<void> => {
    await store.register(WORKSPACE, { id: 'c', name: 'c', dialer, ...more }, 'key', NOW, auditBy('key', NOW));
  };
  const pending = async (store: Store, now: number) => {
    const declared = await store.declared(WORKSPACE, 'c', now);
    return declared && pendingOrderOf(declared);
  };
  const kinds = async (store: Store) =>
    (await store.timeline(WORKSPACE, 'c', { limit: 1_000, before: null }, NOW + 3_600_000))?.items.map(
      ({ kind: what, actor, reason }) => [what, actor, reason],
    );

  describe('control of a campaign', () => {
    it('tells each command once, in the order in which they were given within one millisecond', async () => {
      const store = await places.store();
      expect(await take(store, command('start'))).toBe(null);
      await register(store, 'built-in');
      for (const name of ['start', 'pause', 'resume', 'cancel'] as const) {
        const done = await Promise.all(Array.from({ length: 5 }, () => take(store, command(name))));
        expect(done.map((one) => one?.outcome).sort()).toEqual(['already', 'already', 'already', 'already', 'changed']);
      }
      expect(await take(store, command('resume'))).toMatchObject({ outcome: 'refused', code: 'phase-conflict' });
      expect((await kinds(store))?.slice(1)).toEqual([
        ...[
          ['started', 'Asha', 'a reason'],
          ['paused', 'Asha', 'a reason'],
          ['resumed', 'Asha', 'a reason'],
        ],
        ['cancelled', 'Asha', 'a reason'],
      ]);
      const choice = { limit: 9, before: null, action: 'campaign.command', target: null };
      expect(await store.access.auditEntries(WORKSPACE, choice)).toHaveLength(4);
    });

    it('sets the timers of what it stores with it', async () => {
      const store = await places.store();
      await register(store, 'built-in', { startedAt: new Date(NOW + 1_000).toISOString() });
      await take(store, command('start'));
      await take(store, command('pause', { until: NOW + 5_000 }));
      const deadline = new Date(NOW + 9_000).toISOString();
      await store.patch(WORKSPACE, 'c', { deadline }, 'key', NOW, auditBy('key', NOW));
      expect(await store.dial.dueTimers(NOW + 60_000, 9)).toEqual([
        { ...REF, what: 'start', dueAt: NOW + 1_000 },
        { ...REF, what: 'resume', dueAt: NOW + 5_000 },
        { ...REF, what: 'deadline', dueAt: NOW + 9_000 },
      ]);
    });

    it('has a list looked at again with the word that lets it go on', async () => {
      const store = await places.store();
      await register(store, 'built-in', { startedAt: new Date(NOW - 1_000).toISOString() });
      await store.dial.openList({ ...REF, account: null });
      const completed = {
        type: 'campaign',
        campaignId: 'c',
        at: new Date(NOW).toISOString(),
        change: 'completed',
      } as const;
      await store.apply([{ kind: 'delivery', ...REF, receivedAt: NOW, delivery: campaignDelivery(completed, NOW) }]);
      await store.dial.setListOpen(REF, false);
      expect(await store.dial.dialedCampaigns()).toEqual([]);
      expect(await take(store, command('resume'), NOW + 1)).toMatchObject({ outcome: 'changed' });
      expect(await store.dial.dialedCampaigns()).toMatchObject([REF]);
    });

    it('takes no command for a campaign that was cancelled, though its last calls are live', async () => {
      const store = await places.store();
      await register(store, 'built-in', { startedAt: new Date(NOW - 1_000).toISOString() });
      await listOf(store, 1);
      await store.apply((await accepted(store)).map((attempt) => initiated(attempt)));
      expect(await take(store, command('cancel'))).toMatchObject({ campaign: { phase: 'finishing' } });
      for (const name of ['start', 'pause', 'resume', 'retry-failed'] as const)
        expect(await take(store, command(name))).toMatchObject({ outcome: 'refused', code: 'phase-conflict' });
      expect(await take(store, command('cancel'))).toMatchObject({ outcome: 'already' });
    });

    it('ends a timed pause, unless it is another one by now', async () => {
      const store = await places.store();
      await register(store, 'built-in');
      const due = { kind: 'due', what: 'resume', ask: null } as const;
      await take(store, command('start'));
      await take(store, command('pause', { until: NOW + 5_000 }));
      expect(await take(store, due, NOW + 4_000)).toMatchObject({ outcome: 'already' });
      await take(store, command('pause', { until: NOW + 60_000 }), NOW + 4_000);
      expect(await take(store, due, NOW + 5_000)).toMatchObject({ outcome: 'already' });
      expect(await take(store, due, NOW + 60_000)).toMatchObject({ outcome: 'changed' });
      expect(await take(store, due, NOW + 60_000)).toMatchObject({ outcome: 'already' });
      await take(store, command('pause'), NOW + 61_000);
      expect(await take(store, due, NOW + 99_000)).toMatchObject({ outcome: 'already' });
      expect((await kinds(store))?.at(-2)).toEqual(['resumed', 'ringside', 'the pause was timed']);
    });

    it('starts by the clock what was planned, and ends it at its deadline', async () => {
      const store = await places.store();
      await register(store, 'built-in', { deadline: new Date(NOW + 9_000).toISOString() });
      const due = (what: 'start' | 'deadline') => ({ kind: 'due', what, ask: null }) as const;
      await take(store, command('start', { until: NOW + 5_000 }));
      for (const what of ['start', 'deadline'] as const) {
        expect(await take(store, due(what), NOW + 4_000)).toMatchObject({ outcome: 'already' });
        expect(await take(store, due(what), NOW + 9_000)).toMatchObject({ outcome: 'changed' });
        expect(await take(store, due(what), NOW + 9_001)).toMatchObject({ outcome: 'already' });
      }
      expect((await kinds(store))?.slice(-2)).toEqual([
        ['started', 'ringside', 'it was scheduled'],
        ['completed', 'ringside', 'its deadline has passed'],
      ]);
    });

    it('keeps the order in which commands were stored, whatever the clock says', async () => {
      const store = await places.store();
      await register(store, 'built-in', { pace: { callsPerSecond: 9 } });
      const hour = 3_600_000;
      const given = [
        ['start', 0, 'draft', 'running'],
        ['pause', -2 * hour, 'running', 'paused'],
        ['resume', -2 * hour + 5, 'paused', 'running'],
        ['pause', hour, 'running', 'paused'],
        ['resume', -15_000, 'paused', 'running'],
        ['cancel', -2 * hour, 'running', 'cancelled'],
      ] as const;
      for (const [name, ahead, before, after] of given) {
        for (const clock of [ahead, -3 * hour, 3 * hour]) {
          const { phase } = (await store.campaign(WORKSPACE, 'c', NOW + clock)) ?? {};
          expect([name, before === 'running' ? phase !== 'paused' : phase === before]).toEqual([name, true]);
        }
        expect(await take(store, command(name), NOW + ahead)).toMatchObject({ outcome: 'changed' });
        expect(await take(store, command(name), NOW + ahead)).toMatchObject({ outcome: 'already' });
        const { report } = (await store.report(WORKSPACE, 'c', 0, NOW + ahead)) ?? {};
        expect([name, after === 'running' || report?.phase === after]).toEqual([name, true]);
      }
      const told = (await kinds(store))?.flatMap(([kind, actor]) => (actor === 'Asha' ? [kind] : []));
      expect(told).toEqual(['started', 'paused', 'resumed', 'paused', 'resumed', 'cancelled']);
      const pace = { callsPerSecond: 1 };
      await store.patch(WORKSPACE, 'c', { pace }, 'key', NOW - 2 * hour, auditBy('key', NOW));
      expect(await store.campaign(WORKSPACE, 'c', NOW - 2 * hour)).toMatchObject({ pace });
    });

    it('dates a command after the calls that are stored, and `asOf` goes by that date', async () => {
      const store = await places.store();
      await register(store, 'built-in', { startedAt: new Date(NOW - 1_000).toISOString() });
      await listOf(store, 1);
      await store.apply((await accepted(store)).map((attempt) => initiated(attempt, NOW + 60_000)));
      await take(store, command('pause'), NOW - 7_200_000);
      expect((await store.report(WORKSPACE, 'c', 0, NOW - 7_200_000))?.report.phase).toBe('pausing');
      const asOf = async (at: number) => ((await store.reportAsOf(WORKSPACE, 'c', at, 0)) as Report).phase;
      expect([await asOf(NOW + 60_000), await asOf(NOW + 60_001)]).toEqual(['finishing', 'pausing']);
    });

    it('lets its own dialer end or pause what is under way, and nothing that somebody ended or paused first', async () => {
      const store = await places.store();
      const completed = {
        kind: 'dialed',
        change: 'completed',
        actor: 'dialer',
        reason: 'every contact is settled',
      } as const;
      const broken = { kind: 'dialed', change: 'paused', actor: 'breaker', reason: 'too many failed' } as const;
      await register(store, 'built-in');
      await take(store, command('start'));
      expect(await take(store, broken, NOW - 7_200_000)).toMatchObject({ outcome: 'changed' });
      expect(await take(store, completed)).toMatchObject({ outcome: 'already', campaign: { phase: 'paused' } });
      await take(store, command('resume'), NOW - 7_200_000);
      await take(store, command('cancel'), NOW - 7_200_000);
      for (const step of [broken, completed])
        expect(await take(store, step)).toMatchObject({ outcome: 'already', campaign: { phase: 'cancelled' } });
    });

    it('lets time-outs be looked at that lie further ahead than they can', async () => {
      const store = await places.store();
      const timers = [
        { ...REF, what: 'confirm', dueAt: NOW + 7_200_000 },
        { ...REF, campaignId: 'd', what: 'confirm', dueAt: NOW + 30_000 },
        { ...REF, what: 'resume', dueAt: NOW + 7_200_000 },
      ] as const;
      for (const timer of timers) await store.dial.setTimer(timer);
      await store.dial.hastenConfirms(NOW, NOW + 600_000);
      expect(await store.dial.dueTimers(NOW, 9)).toEqual([{ ...REF, what: 'confirm', dueAt: NOW }]);
      expect(await store.dial.dueTimers(NOW + 7_200_000, 9)).toHaveLength(3);
    });

    it('asks another dialer, and says that it is done when that dialer says so', async () => {
      const store = await places.store();
      await register(store, 'external');
      expect(await take(store, command('start'))).toMatchObject({ outcome: 'refused', code: 'no-control-webhook' });
      const asked = await take(store, command('start', { ask: ASK }));
      expect(asked).toMatchObject({
        outcome: 'changed',
        campaign: { phase: 'queued', confirmation: { state: 'asked' } },
      });
      expect(await take(store, command('start', { ask: { ...ASK, id: 'ord_2' } }))).toMatchObject({
        outcome: 'already',
      });
      expect(await pending(store, NOW)).toMatchObject({
        ...{ id: 'ord_1', command: 'start' },
        actor: 'Asha',
      });
      const again = await places.reopened(store);
      expect(await pending(again, NOW)).toMatchObject({ id: 'ord_1' });
      expect(await again.dial.dueTimers(NOW + 60_000, 9)).toMatchObject([{ ...REF, what: 'confirm' }]);
      const answer = (state: AnswerStep['state'], id = 'ord_1') =>
        take(again, { kind: 'answer', id, state, message: null });
      expect(await answer('confirmed', 'ord_9')).toMatchObject({ outcome: 'refused', code: 'not-asked' });
      expect(await answer('unconfirmed')).toMatchObject({ outcome: 'changed', campaign: { phase: 'queued' } });
      expect(await answer('confirmed')).toMatchObject({ outcome: 'changed', campaign: { status: 'running' } });
      expect(await answer('confirmed')).toMatchObject({ outcome: 'already' });
      expect(await answer('unconfirmed')).toMatchObject({ outcome: 'already' });
      expect(await answer('refused')).toMatchObject({ outcome: 'refused', code: 'not-asked' });
      expect(await pending(again, NOW)).toBe(null);
      expect((await kinds(again))?.at(-1)).toEqual(['started', 'Asha', 'a reason']);
    });

    it('takes an event of that kind for an answer, but none of before', async () => {
      const store = await places.store();
      await register(store, 'external', { startedAt: new Date(NOW - 60_000).toISOString() });
      const paused = (receivedAt: number, at: number) => {
        const said = { type: 'campaign', campaignId: 'c', at: new Date(at).toISOString(), change: 'paused' } as const;
        return store.apply([{ kind: 'delivery', ...REF, receivedAt, delivery: campaignDelivery(said, receivedAt) }]);
      };
      await paused(NOW + 1, NOW - 5_000);
      await take(store, { ...command('resume', { ask: ASK }) }, NOW + 2);
      await take(store, command('pause', { ask: { ...ASK, id: 'ord_2' } }), NOW + 3);
      expect(await pending(store, NOW + 4)).toMatchObject({ id: 'ord_2', command: 'pause' });
      await paused(NOW + 1_000, NOW);
      expect(await store.campaign(WORKSPACE, 'c', NOW + 1_001)).toMatchObject({
        ...{ phase: 'paused', confirmation: { state: 'confirmed', command: 'pause' } },
      });
      expect(await pending(store, NOW + 1_001)).toBe(null);
    });
  });
}
