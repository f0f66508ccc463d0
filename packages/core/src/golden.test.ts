import { describe, expect, it } from 'vitest';
import type { Delivery } from './event.ts';
import { MemoryCampaign } from './memory-campaign.ts';
import {
  answered,
  change,
  ended,
  initiated,
  live,
  minute,
  missed,
  registered,
  ringing,
  START,
  said,
  talked,
} from './testing/said.ts';

/** Campaigns worked by hand: every expected number below was reckoned on paper, not copied from a run. */
function reportOf(deliveries: readonly Delivery[], now = minute(60)) {
  const campaign = new MemoryCampaign();
  for (const delivery of deliveries) campaign.apply([delivery]);
  return campaign.report(now);
}

const list = (totalCalls: number, maxAttempts = 1) =>
  registered(START, { totalCalls, retry: { maxAttempts, delaySeconds: 600 } });

describe('retries', () => {
  // Five contacts, at most three attempts. Ann: missed, missed, talked 120 s. Bob: missed three times.
  // Cem: talked 61 s. Dan: missed once, waits. Eve: not called.
  const deliveries = [
    list(5, 3),
    missed('a1', minute(0), { to: '+911' }),
    missed('a2', minute(12), { to: '+911' }),
    talked('a3', minute(24), 120, { to: '+911' }),
    missed('b1', minute(1), { to: '+912' }),
    missed('b2', minute(13), { to: '+912' }),
    missed('b3', minute(25), { to: '+912' }),
    talked('c1', minute(2), 61, { to: '+913' }),
    missed('d1', minute(55), { to: '+914' }),
  ];

  it('count contacts once and attempts all', () => {
    const { progress, callMetrics, phase } = reportOf(deliveries);
    expect(progress.ledger).toEqual({
      notStarted: 1,
      waitingRetry: 1,
      inFlight: 0,
      reached: 2,
      unreached: 1,
      excluded: 0,
    });
    expect(progress).toMatchObject({
      totalCalls: 5,
      completedCalls: 2,
      failedCalls: 1,
      remainingCalls: 2,
      attempts: 8,
    });
    expect(progress).toMatchObject({ completionPercentage: 40, processedPercentage: 60 });
    // 2 of 8 ended calls were answered, by 2 of the 4 contacts that were tried.
    expect(callMetrics.rates.answer).toMatchObject({ value: 25, numerator: 2, denominator: 8 });
    expect(callMetrics.rates.contact).toMatchObject({ value: 50, numerator: 2, denominator: 4 });
    // 120 + 61 = 181 s over 2 calls: 90.5, halves up.
    expect(callMetrics).toMatchObject({ totalDuration: 181, averageDuration: 91, averageRingTime: 10, activeCalls: 0 });
    expect(phase).toBe('running');
  });

  it('are settled a day after they were due, without anybody writing anything', () => {
    const { ledger } = reportOf(deliveries, minute(65.5 + 24 * 60 + 1)).progress;
    expect(ledger).toMatchObject({ waitingRetry: 0, unreached: 2, notStarted: 1 });
  });

  it('go by the announced time where an end carries one', () => {
    const end = ended(minute(1), { status: 'busy' }, { retryDueAt: minute(90) });
    const { progress, phase, blockers } = reportOf([
      registered(START, { totalCalls: 1 }),
      said({ call: 'x' }, initiated(minute(0)), end),
    ]);
    expect(progress.ledger).toMatchObject({ waitingRetry: 1, unreached: 0 });
    expect([phase, blockers[0]?.until]).toEqual(['waiting', '2025-08-07T15:30:00Z']);
  });

  it('without a policy leave an unanswered contact unreached, until another attempt is seen', () => {
    const once = [registered(START, { totalCalls: 2 }), missed('x1', minute(1), { to: '+911' })];
    expect(reportOf(once).progress.ledger).toMatchObject({ unreached: 1, waitingRetry: 0, notStarted: 1 });
    expect(reportOf([...once, live('x2', minute(5), { to: '+911' })]).progress.ledger).toMatchObject({
      unreached: 0,
      inFlight: 1,
    });
  });
});

describe('callbacks that come late, twice, or against each other', () => {
  it('a ringing that arrives after the end revives nothing', () => {
    const { callMetrics, progress } = reportOf([
      list(1),
      missed('x', minute(1)),
      said({ call: 'x' }, ringing(minute(1.1))),
    ]);
    expect([callMetrics.activeCalls, progress.failedCalls]).toEqual([0, 1]);
  });

  it('two hangups of one call count one, and the provider’s beats the dialer’s', () => {
    const dialer = said({ call: 'x' }, ended(minute(2), { status: 'failed' }));
    const provider = said(
      { call: 'x', source: 'callback' },
      ended(minute(1.9), { status: 'completed', code: 4000, duration: 50 }),
    );
    for (const order of [
      [dialer, provider, provider],
      [provider, dialer, dialer],
    ]) {
      const { callMetrics } = reportOf([list(1), ...order]);
      expect(callMetrics.outcomes).toMatchObject({ completed: 1, failed: 0 });
      expect(callMetrics.totalDuration).toBe(50);
    }
  });

  it('a hangup corrects a call that was given up as lost', () => {
    const lost = said({ call: 'x', source: 'sweeper' }, ended(minute(250), { status: 'lost' }));
    const late = said(
      { call: 'x', source: 'callback' },
      ended(minute(3), { status: 'completed', code: 4000, duration: 90 }),
    );
    const given = [list(1), live('x', minute(1)), lost];
    expect(reportOf(given, minute(300)).callMetrics).toMatchObject({
      outcomes: { lost: 1 },
      activeCalls: 0,
      totalDuration: 0,
    });
    expect(reportOf([...given, late], minute(300)).callMetrics).toMatchObject({
      outcomes: { lost: 0, completed: 1 },
      totalDuration: 90,
    });
  });
});

describe('what picks up', () => {
  it('a machine after pick-up is answered but not human, and reaches nobody', () => {
    const machine = said({ call: 'x' }, { type: 'machine', at: minute(1.2), timing: 'exact' });
    const { callMetrics, progress, leads } = reportOf([list(1), talked('x', minute(1), 20), machine]);
    expect(callMetrics.outcomes).toMatchObject({ machine: 1, completed: 0 });
    expect(callMetrics.rates).toMatchObject({
      answer: { numerator: 1 },
      humanAnswer: { numerator: 0 },
      machine: { value: 100 },
    });
    expect(progress).toMatchObject({ completedCalls: 0, failedCalls: 1 });
    expect(leads.cold).toBe(1);
  });

  it('a fault of the answer document after pick-up is answered, and before it is not', () => {
    const after = said(
      { call: 'x' },
      initiated(minute(1)),
      answered(minute(1.1)),
      ended(minute(1.2), { status: 'completed', code: 8011, duration: 1 }),
    );
    const before = said({ call: 'y' }, initiated(minute(1)), ended(minute(1.2), { status: 'failed', code: 7011 }));
    const { callMetrics } = reportOf([list(2), after, before]);
    expect(callMetrics.outcomes).toMatchObject({ 'app-error': 2, completed: 0 });
    expect(callMetrics.rates.answer).toMatchObject({ numerator: 1, denominator: 2, value: 50 });
  });

  it('a call that the callee ends within six seconds is a short one', () => {
    const end = (seconds: number, source: string) =>
      ended(minute(2), { status: 'completed', code: 4000, duration: seconds, source });
    const { shortCall } = reportOf([
      list(4),
      said({ call: '1' }, answered(minute(1)), end(6, 'Callee')),
      said({ call: '2' }, answered(minute(1)), end(7, 'Callee')),
      said({ call: '3' }, answered(minute(1)), end(2, 'Plivo')),
      said({ call: '4' }, answered(minute(1)), end(3, 'Call recipient')),
    ]).callMetrics.rates;
    expect(shortCall).toMatchObject({ numerator: 2, denominator: 4, value: 50 });
  });
});

describe('the list', () => {
  it('knows a number with and without plus as one person', () => {
    const deliveries = [
      list(10),
      missed('1', minute(1), { to: '919876543210' }),
      talked('2', minute(9), 30, { to: '+919876543210' }),
    ];
    expect(reportOf(deliveries).progress).toMatchObject({
      attempts: 2,
      completedCalls: 1,
      failedCalls: 0,
      remainingCalls: 9,
    });
  });

  it('grows when more contacts are seen than were declared', () => {
    const { progress } = reportOf([list(2), ...['1', '2', '3'].map((n) => talked(n, minute(1), 10))]);
    expect(progress).toMatchObject({ totalCalls: 3, completedCalls: 3, completionPercentage: 100 });
  });

  it('of unknown length has no percentages', () => {
    const { progress } = reportOf([talked('1', minute(1), 10), missed('2', minute(1))]);
    expect(progress).toMatchObject({
      totalCalls: 2,
      totalKnown: false,
      completionPercentage: null,
      processedPercentage: null,
    });
  });

  it('cancelled half-way excludes the rest, and all of it is processed', () => {
    const { progress, status, phase } = reportOf([
      list(10),
      talked('1', minute(1), 10),
      missed('2', minute(1)),
      change(minute(5), 'cancelled'),
    ]);
    expect(progress.ledger).toEqual({
      notStarted: 0,
      waitingRetry: 0,
      inFlight: 0,
      reached: 1,
      unreached: 1,
      excluded: 8,
    });
    expect([progress.processedPercentage, progress.completionPercentage, status, phase]).toEqual([
      100,
      10,
      'failed',
      'cancelled',
    ]);
  });

  it('finds the person of earlier calls when the contact id comes late', () => {
    const early = [missed('1', minute(1), { to: '+911' }), missed('2', minute(2), { to: '+912' })];
    const late = [
      talked('3', minute(9), 30, { to: '+912', contactId: 'p-7' }),
      missed('4', minute(12), { to: '+913', contactId: 'p-7' }),
    ];
    // +911 is one person; +912 and +913 are both p-7: two people, one of them reached.
    expect(reportOf([...early, ...late]).progress).toMatchObject({
      totalCalls: 2,
      completedCalls: 1,
      failedCalls: 1,
      attempts: 4,
    });
  });
});

describe('figures', () => {
  it('cost is exact, per answer and per lead', () => {
    const priced = (call: string, micros: number) =>
      said({ call }, answered(minute(1)), ended(minute(2), { status: 'completed', duration: 30 }, { micros }));
    const lead = said(
      { call: '1' },
      {
        type: 'lead',
        at: minute(3),
        timing: 'exact',
        lead: { status: 'hot', score: null, reason: null, summary: null, by: 'bot' },
      },
    );
    const { cost } = reportOf([
      registered(START, { totalCalls: 3, currency: 'USD' }),
      priced('1', 18_420),
      priced('2', 10),
      priced('3', 100_000),
      lead,
    ]).callMetrics;
    // 0.01842 + 0.00001 + 0.1 = 0.11843; a third of it is 0.0394766…, halves up at six places.
    expect(cost).toEqual({ currency: 'USD', total: '0.11843', perAnswer: '0.039477', perLead: '0.11843' });
  });

  it('concurrency peaks where calls overlap, whatever order they arrive in', () => {
    // Live at once: 1 from 0:00, 2 from 1:00, 3 from 2:00 to 2:40, 2 to 3:10, none after 4:10.
    const calls = [
      talked('1', minute(0), 180),
      talked('2', minute(1), 180),
      said({ call: '3' }, initiated(minute(2)), ended(minute(2) + 40_000, { status: 'busy' })),
    ];
    for (const order of [calls, [...calls].reverse()]) {
      expect(reportOf([list(3), ...order]).callMetrics.concurrency).toMatchObject({ active: 0, peak: 3 });
    }
  });

  it('pace looks at the last five minutes of active time, not at the pause', () => {
    const calls = Array.from({ length: 10 }, (_, i) => missed(`${i}`, minute(i)));
    const paused = [list(50), ...calls, change(minute(10), 'paused'), change(minute(50), 'resumed')];
    // Active: 0 to 10 and 50 to 52. The last five active minutes are 7 to 10 and 50 to 52: three calls, 0.6 a minute.
    expect(reportOf(paused, minute(52)).callMetrics.pace.attemptsPerMinute).toBe(0.6);
  });

  it('percentiles are exact below nine seconds and within 4.5 % above', () => {
    const seconds = [1, 2, 3, 4, 5, 100, 200, 300, 400, 500];
    const { duration } = reportOf([list(10), ...seconds.map((s, i) => talked(`${i}`, minute(i), s))]).callMetrics;
    expect(duration.p50).toBe(5);
    expect(Math.abs((duration.p90 ?? 0) - 400) / 400).toBeLessThan(0.045);
    expect(Math.abs((duration.p99 ?? 0) - 500) / 500).toBeLessThan(0.045);
  });

  it('rates carry the Wilson interval', () => {
    const calls = [
      ...Array.from({ length: 3 }, (_, i) => talked(`t${i}`, minute(1), 60)),
      ...Array.from({ length: 7 }, (_, i) => missed(`m${i}`, minute(1))),
    ];
    // 3 of 10: centre (0.3 + 0.19207) / 1.38415 = 0.35551, half width 0.24772 → 10.8 to 60.3 (Wilson 1927).
    expect(reportOf([list(10), ...calls]).callMetrics.rates.answer).toEqual({
      value: 30,
      numerator: 3,
      denominator: 10,
      low: 10.8,
      high: 60.3,
    });
  });
});
