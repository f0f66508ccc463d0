import { must } from '@ringside/core';
import type { CallEventInput } from '@ringside/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Receipt } from '../ingest/receipt.ts';
import type { CallDetail } from '../providers/plivo/call-detail.ts';
import { readCallRecord } from '../providers/plivo/call-record.ts';
import type { Engine } from '../store/sqlite/engine.ts';
import { eventReceipt, openEngine, WORKSPACE } from '../testing/engine.ts';
import { temporaryFolder } from '../testing/running-server.ts';
import { SteppingClock } from '../testing/stepping-clock.ts';
import { soleOwner } from '../upkeep/lease.ts';
import { lostDelivery } from './lost-call.ts';
import { SweepStatus } from './sweep-status.ts';
import { Sweeper, type SweepSettings, usualSweep } from './sweeper.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const T0 = Date.UTC(2025, 7, 7, 14);
/** The first moment at which a call placed at T0 is overdue: four hours and the grace have passed. */
const OVERDUE = T0 + 4 * HOUR + usualSweep.graceMs + 1;
const { signal } = new AbortController();

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

/** A call as Plivo's callbacks tell of it, or with `external` as another dialer does. */
function placed(callId: string, at = T0, kind: 'call' | 'external' = 'call'): Receipt {
  const event: CallEventInput = { type: 'initiated', campaignId: 'c', callId, at: new Date(at).toISOString() };
  const receipt = eventReceipt(event);
  if (receipt.kind !== 'delivery' || receipt.delivery.about !== 'call') throw new Error('not about a call');
  return { ...receipt, delivery: { ...receipt.delivery, aliases: [{ kind, id: callId }] } };
}

function ended(callId: string, endedAt: number): CallDetail {
  const text = (at: number) => new Date(at).toISOString().slice(0, 19).concat('Z');
  const record = { call_uuid: callId, initiation_time: text(T0), end_time: text(endedAt), hangup_cause_code: 3010 };
  const meaning = readCallRecord(record, callId, endedAt + MINUTE);
  if (meaning.kind !== 'ended') throw new Error(meaning.kind);
  return meaning;
}

type Harness = Partial<SweepSettings> & { readonly hasAccount?: boolean };

/** A sweeper over a real store, with a provider that says what the test wants and a clock that the test moves. */
function sweeping(answerOf: (id: string) => CallDetail, { hasAccount = true, ...settings }: Harness = {}) {
  const clock = new SteppingClock(OVERDUE);
  const status = new SweepStatus();
  const asked: string[] = [];
  const logged: string[] = [];
  const log = (...words: unknown[]) => logged.push(JSON.stringify(words));
  const find = async (id: string) => {
    asked.push(id);
    return answerOf(id);
  };
  const sweeper = new Sweeper(
    {
      owner: soleOwner,
      store: { staleCalls: async (before, after, limit) => engine.staleCalls(before, after, limit) },
      intake: { submit: async (receipt) => engine.apply([receipt]).results[0] ?? { result: 'aside' } },
      detailsOf: () => (hasAccount ? { find } : null),
      status,
      log: { info: log, warn: log, error: log },
      effects: clock,
    },
    settings,
  );
  const round = async (afterMs = 0) => {
    clock.pass(afterMs);
    await sweeper.sweep(signal);
  };
  return { round, status, asked, logged, clock };
}

const reported = () => engine.report(WORKSPACE, 'c', 100, OVERDUE + 48 * HOUR)?.report;
const active = () => reported()?.callMetrics.activeCalls;
const outcomes = () =>
  Object.fromEntries(Object.entries(reported()?.callMetrics.outcomes ?? {}).filter(([, count]) => count > 0));

const NONE: CallDetail = { kind: 'none' };
const LIVE: CallDetail = { kind: 'live' };
const DOWN: CallDetail = { kind: 'unavailable', reason: 'Plivo’s API answers 503' };
const REFUSED: CallDetail = { kind: 'refused', reason: 'Plivo answers 401: check PLIVO_AUTH_TOKEN' };

describe('the sweeper', () => {
  it('asks about a call only when its time and the grace are over', async () => {
    engine.apply([placed('old'), placed('younger', T0 + 1)]);
    const { round, asked, status } = sweeping((id) => ended(id, T0 + MINUTE));
    await round();
    expect(asked).toEqual(['old']);
    expect(outcomes()).toEqual({ busy: 1 });
    expect(reported()?.recentActivity[0]?.endTime).toBe(new Date(T0 + MINUTE).toISOString().replace('.000', ''));
    expect(status.read()).toMatchObject({ lastRunAt: OVERDUE, waiting: 0, reconciled: 1, lost: 0, unavailable: 0 });
  });

  it('marks a call lost only when there is twice no record, at the time at which it must have been over', async () => {
    engine.apply([placed('gone')]);
    const { round, status } = sweeping(() => NONE);
    await round();
    expect(active()).toBe(1);
    expect(status.read().waiting).toBe(1);
    await round(usualSweep.firstGapMs - 1);
    expect(active()).toBe(1);
    await round(1);
    expect(active()).toBe(0);
    expect(outcomes()).toEqual({ lost: 1 });
    expect(reported()?.recentActivity[0]?.endTime).toBe('2025-08-07T18:00:00Z');
    expect(status.read()).toMatchObject({ waiting: 0, lost: 1 });
  });

  it('believes a record that comes between the two', async () => {
    engine.apply([placed('late')]);
    const answers = [NONE, ended('late', T0 + HOUR)];
    const { round } = sweeping(() => answers.shift() ?? DOWN);
    await round();
    await round(usualSweep.firstGapMs);
    expect(outcomes()).toEqual({ busy: 1 });
  });

  it('asks about a live call again after gaps that grow up to the longest', async () => {
    engine.apply([placed('talking')]);
    const { round, asked } = sweeping(() => LIVE);
    const minutes: number[] = [];
    for (let minute = 0; minute < 4 * 60; minute += 1) {
      const before = asked.length;
      await round(minute === 0 ? 0 : MINUTE);
      if (asked.length > before) minutes.push(minute);
    }
    expect(minutes).toEqual([0, 5, 15, 35, 75, 135, 195]);
    expect(active()).toBe(1);
  });

  it('does not believe that a call goes on for longer than any provider lets it', async () => {
    engine.apply([placed('stuck')]);
    const { round } = sweeping(() => LIVE);
    for (let hour = 4; hour <= 24; hour += 1) await round(HOUR);
    expect(outcomes()).toEqual({ lost: 1 });
  });

  it('marks nothing lost while the provider cannot say, tells it once, and goes on when it can again', async () => {
    engine.apply(Array.from({ length: 40 }, (_, i) => placed(`call-${i}`, T0 - i)));
    let answer: CallDetail = DOWN;
    const { round, status, logged, asked } = sweeping((id) => (answer === DOWN ? DOWN : ended(id, T0 + MINUTE)));
    await round();
    expect(asked).toHaveLength(8);
    for (let i = 0; i < 3; i += 1) await round(MINUTE);
    expect(active()).toBe(40);
    expect(status.read()).toMatchObject({ waiting: 40, lost: 0, warning: 'Plivo’s API answers 503' });
    expect(status.read().unavailable).toBe(asked.length);
    expect(logged).toHaveLength(1);
    answer = LIVE;
    for (let i = 0; i < 30; i += 1) await round(MINUTE);
    expect(outcomes()).toEqual({ busy: 40 });
    expect(status.read()).toMatchObject({ waiting: 0, reconciled: 40, warning: null });
    expect(logged).toHaveLength(2);
  });

  it('asks a provider that refuses the account seldom, and names it once', async () => {
    engine.apply([placed('a'), placed('b')]);
    const { round, status, logged, asked } = sweeping(() => REFUSED);
    for (let minute = 0; minute < 30; minute += 1) await round(MINUTE);
    expect(asked).toHaveLength(2);
    for (let minute = 0; minute < 5; minute += 1) await round(MINUTE);
    expect(asked).toHaveLength(4);
    expect(logged).toEqual([expect.stringContaining('PLIVO_AUTH_TOKEN')]);
    expect(status.read()).toMatchObject({ lost: 0, warning: expect.stringContaining('401') });
    expect(active()).toBe(2);
  });

  it('is not held up by calls about which the provider always fails', async () => {
    const bad = Array.from({ length: 10 }, (_, i) => placed(`bad-${i}`, T0 - 1_000 + i));
    const good = Array.from({ length: 30 }, (_, i) => placed(`good-${i}`, T0 - 500 + i));
    engine.apply([...bad, ...good]);
    const { round } = sweeping((id) => (id.startsWith('bad') ? DOWN : ended(id, T0 + MINUTE)));
    for (let minute = 0; minute < 5; minute += 1) await round(MINUTE);
    expect(outcomes()).toEqual({ busy: 30 });
    expect(active()).toBe(10);
  });

  it.each([
    ['of a dialer that sends events only', 'external', true],
    ['of an account that is not configured', 'call', false],
  ] as const)('marks a call %s lost without asking', async (_whose, kind, hasAccount) => {
    engine.apply([placed('theirs', T0, kind)]);
    const { round, asked } = sweeping(() => DOWN, { hasAccount });
    await round();
    expect(asked).toEqual([]);
    expect(outcomes()).toEqual({ lost: 1 });
  });

  it('takes a bounded number of calls in a round, oldest first, and counts the others', async () => {
    engine.apply(Array.from({ length: 450 }, (_, i) => placed(`n-${i}`, T0 - i)));
    const { round, asked, status } = sweeping((id) => ended(id, T0 + MINUTE), { mostPerRound: 20 });
    await round();
    const oldest = Array.from({ length: 20 }, (_, i) => `n-${449 - i}`);
    expect(asked).toEqual(oldest);
    expect(status.read().waiting).toBe(430);
    await round(MINUTE);
    expect(asked).toHaveLength(40);
  });

  it('gives way to a hangup, whichever comes first, and says the same however often it says it', () => {
    engine.apply([placed('x', T0, 'external'), placed('y', T0, 'external')]);
    const { calls } = engine.staleCalls(OVERDUE, null, 10);
    const lost = (index: number, now: number): Receipt => {
      const delivery = lostDelivery(must(calls[index], 'a stale call'), now);
      return { kind: 'delivery', workspace: WORKSPACE, receivedAt: now, campaignId: 'c', delivery };
    };
    const hangup = (callId: string) =>
      eventReceipt({
        ...{ type: 'ended', campaignId: 'c', callId, at: '2025-08-07T14:02:00Z' },
        ...{ status: 'completed', duration: 90 },
      });
    expect(calls).toHaveLength(2);
    engine.apply([lost(0, OVERDUE), hangup('y'), lost(1, OVERDUE)]);
    expect(outcomes()).toEqual({ lost: 1, completed: 1 });
    engine.apply([hangup('x')]);
    expect(outcomes()).toEqual({ completed: 2 });
    expect(reported()?.callMetrics.totalDuration).toBe(180);
    expect(reported()?.callMetrics.rates.answer).toMatchObject({ numerator: 2, denominator: 2 });
    expect(engine.apply([lost(0, OVERDUE + HOUR)]).results).toEqual([{ result: 'unchanged' }]);
  });
});
