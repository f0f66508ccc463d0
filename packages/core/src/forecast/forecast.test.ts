import { describe, expect, it } from 'vitest';
import { forecast, forecastResult } from './forecast.ts';
import { planOf } from './plan.ts';
import { NOW, steadyInput } from './testing/steady-input.ts';
import type { ForecastInput } from './types.ts';

function seconds(input: ForecastInput): { p10: number; p50: number; p90: number } {
  const range = forecast(input).seconds;
  if (range === null) throw new Error(`no figure: ${forecast(input).basis}`);
  return range;
}

describe('a steady campaign', () => {
  it('ends after what is left has gone through its lines', () => {
    const { p10, p50, p90 } = seconds(steadyInput());
    // 500 calls of 60 s on 10 lines.
    expect(p50).toBeGreaterThan(2_850);
    expect(p50).toBeLessThan(3_250);
    expect(p10).toBeLessThan(p50);
    expect(p90).toBeGreaterThan(p50);
  });

  it('gives the same figure to every reader', () => {
    expect(forecastResult(steadyInput())).toEqual(forecastResult(steadyInput()));
  });

  it('says when that is, what it rests on, and the median in words', () => {
    const { forecast: said, estimatedTimeRemaining } = forecastResult(steadyInput());
    expect(Date.parse(said.endTime?.p50 ?? '') - NOW).toBe((said.seconds?.p50 ?? 0) * 1_000);
    expect(said.basis).toBe('From the last 300 calls: 60 s each, 10 at a time; no retries, as declared.');
    expect(said.sample).toBe(300);
    expect(estimatedTimeRemaining).toBe('50 minutes');
  });

  it('ends later with more contacts, with longer calls and with fewer lines', () => {
    const base = seconds(steadyInput()).p50;
    expect(seconds(steadyInput({ notStarted: 1_000 })).p50).toBeGreaterThan(1.9 * base);
    expect(seconds(steadyInput({ callSeconds: 120 })).p50).toBeGreaterThan(1.9 * base);
    expect(seconds(steadyInput({ lines: 5 })).p50).toBeGreaterThan(1.9 * base);
  });

  it('counts the attempts still to come when those who are missed are called again', () => {
    const retry = { maxAttempts: 3, delaySeconds: 60 };
    const once = seconds(steadyInput()).p50;
    const thrice = seconds(steadyInput({}, { retry })).p50;
    // Half of the calls miss, and later attempts rather more: between 1.75 and 2.2 attempts a contact.
    expect(thrice / once).toBeGreaterThan(1.6);
    expect(thrice / once).toBeLessThan(2.3);
    expect(seconds(steadyInput({ reachedEvery: 0 }, { retry })).p50).toBeGreaterThan(2.7 * once);
  });

  it('is less sure of itself when its pace changed before', () => {
    const calm = steadyInput();
    const slower = calm.minutes.map(({ at }, index) => ({ at, ended: index < 30 ? 16 : 4 }));
    const surprised = seconds({ ...calm, minutes: slower });
    const { p10, p50, p90 } = seconds(calm);
    expect(surprised.p90 - surprised.p10).toBeGreaterThan(1.5 * (p90 - p10));
    expect(surprised.p50).toBe(p50);
  });
});

describe('live calls', () => {
  const none = { live: { count: 0, calls: [] } };

  it('that nobody reports before they end are taken off the list', () => {
    const silent = forecastResult(steadyInput({}, none));
    const loud = forecastResult(steadyInput({ notStarted: 490 }));
    expect((silent.forecast.seconds?.p50 ?? 0) / (loud.forecast.seconds?.p50 ?? 1)).toBeCloseTo(1, 1.5);
  });

  it('many times as long as any other have lost their end, and nothing waits for them', () => {
    const call = (hours: number) => ({
      live: { count: 1, calls: [{ startedAt: NOW - hours * 3_600_000, attempt: 1 }] },
    });
    expect(seconds(steadyInput({ notStarted: 5 }, call(3))).p90).toBeLessThan(150);
  });

  it('are really over when the campaign is paused', () => {
    const paused = planOf(steadyInput({}, { ...none, phase: 'paused' }));
    expect([paused.fresh, paused.live]).toEqual([500, []]);
    expect(planOf(steadyInput({}, none)).fresh).toBe(490);
  });
});

describe('scheduled retries', () => {
  it.each([600, 7_200])('the end is never before the last of them and one call (due in %i s)', (due) => {
    const open = [{ attempts: 1, contacts: 1, endedAt: NOW - 60_000, dueAt: NOW + due * 1_000 }];
    const range = seconds(steadyInput({ notStarted: 3 }, { open }));
    expect(range.p10).toBeGreaterThanOrEqual(due + 60);
    expect(range.p50).toBeLessThan(due + 180);
  });

  it('follow from the declared delay after the minute of the last end', () => {
    const open = [{ attempts: 1, contacts: 4, endedAt: NOW - 60_000, dueAt: null }];
    const retry = { maxAttempts: 2, delaySeconds: 3_600 };
    expect(seconds(steadyInput({ notStarted: 0 }, { open, retry })).p10).toBeGreaterThanOrEqual(3_540 + 60);
  });

  it('are inferred from retries seen where no policy is declared, and the basis says so', () => {
    const steady = steadyInput();
    const sample = steady.sample.map((call, index) =>
      index % 3 === 0 ? { ...call, attempt: 2, waitedMs: 900_000 } : call,
    );
    const input = { ...steady, sample, retry: null };
    expect(forecast(input).basis).toContain('up to 2 attempts, 15 minutes apart, inferred from retries seen');
    expect(seconds(input).p50).toBeGreaterThan(1.2 * seconds(steady).p50);
  });

  it('that nobody declared or showed are not counted, but leave room above', () => {
    const untold = seconds(steadyInput({}, { retry: null }));
    const told = seconds(steadyInput());
    expect(untold.p50).toBeLessThan(1.1 * told.p50);
    expect(untold.p90).toBeGreaterThan(1.2 * told.p90);
    expect(forecast(steadyInput({}, { retry: null })).basis).toContain('none is counted');
  });
});

describe('no figure', () => {
  it.each<[string, Partial<ForecastInput>, RegExp]>([
    ['before 20 ended calls', { ended: 19 }, /19 of the 20/],
    ['before two minutes of dialing', { active: [{ from: NOW - 119_000, to: NOW }] }, /less than two minutes/],
    ['for a list of unknown length', { totalKnown: false }, /not known/],
    ['when stalled', { phase: 'stalled' }, /^Stalled/],
    ['before the start', { phase: 'queued' }, /Not dialing yet/],
    ['when it is over', { phase: 'completed' }, /Nothing is left/],
    ['when it was cancelled', { phase: 'cancelled' }, /ended before/],
  ])('%s, and the basis says why', (_, changed, basis) => {
    const { forecast: said, estimatedTimeRemaining } = forecastResult(steadyInput({}, changed));
    expect(said).toEqual({ seconds: null, endTime: null, basis: expect.stringMatching(basis), sample: 300 });
    expect(estimatedTimeRemaining).toBeNull();
  });

  it('of an end while paused: only of the dialing left', () => {
    const { forecast: said, estimatedTimeRemaining } = forecastResult(steadyInput({}, { phase: 'paused' }));
    expect(said.endTime).toBeNull();
    expect(said.seconds?.p50).toBe(seconds(steadyInput()).p50);
    expect(said.basis).toMatch(/^Paused: 50 minutes of dialing left once resumed\. From/);
    expect(estimatedTimeRemaining).toBe('50 minutes of dialing left once resumed');
  });
});

describe('closed hours', () => {
  const closed = [{ from: NOW + 600_000, to: NOW + 36_600_000 }];

  it('move the end but not the work', () => {
    const said = forecast(steadyInput({}, { closed }));
    expect(said.seconds).toEqual(seconds(steadyInput()));
    expect(Date.parse(said.endTime?.p50 ?? '') - NOW).toBe((said.seconds?.p50 ?? 0) * 1_000 + 36_000_000);
  });

  it('let retry delays pass', () => {
    const retry = { maxAttempts: 2, delaySeconds: 30_000 };
    const tonight = [{ from: NOW + 4_000_000, to: NOW + 40_000_000 }];
    // The list takes 3,000 s; all retries fall due while it is closed, and start when it opens after 4,000 s.
    const { p50 } = seconds(steadyInput({}, { retry, closed: tonight }));
    expect(p50).toBeGreaterThan(5_000);
    expect(p50).toBeLessThan(6_500);
    expect(seconds(steadyInput({}, { retry })).p50).toBeGreaterThan(30_000);
  });

  it('are what a waiting campaign waits for', () => {
    const shut = [{ from: NOW - 60_000, to: NOW + 3_600_000 }];
    const { basis } = forecast(steadyInput({}, { phase: 'waiting', closed: shut }));
    expect(basis).toMatch(/^Waiting for the calling hours at 2025-08-07T16:00:00Z: 50 minutes of dialing left then/);
  });
});
