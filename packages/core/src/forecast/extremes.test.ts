import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forecast, forecastResult } from './forecast.ts';
import { NOW, steadyInput } from './testing/steady-input.ts';
import type { ForecastInput } from './types.ts';

function expectSane(input: ForecastInput): void {
  const { seconds, endTime, basis } = forecast(input);
  expect(basis).not.toMatch(/NaN|Infinity|undefined/);
  if (seconds === null) return;
  for (const value of Object.values(seconds)) {
    expect(Number.isInteger(value)).toBe(true);
    expect(value).toBeGreaterThanOrEqual(1);
  }
  expect(seconds.p10).toBeLessThanOrEqual(seconds.p50);
  expect(seconds.p50).toBeLessThanOrEqual(seconds.p90);
  if (endTime !== null) expect(Date.parse(endTime.p10)).toBeGreaterThan(input.now);
}

describe('extremes', () => {
  it('with nothing left but live calls, it lasts as long as they do', () => {
    const input = steadyInput({ notStarted: 0 }, { phase: 'finishing' });
    expect(forecast(input).seconds?.p90).toBeLessThanOrEqual(70);
    expectSane(input);
  });

  it('with nothing left at all, it still takes a second', () => {
    const input = steadyInput({ notStarted: 0 }, { live: { count: 0, calls: [] } });
    const last = { ...input, slots: input.slots.map((slot) => ({ ...slot, live: 0 })) };
    expect(forecast(last).seconds?.p50).toBe(1);
    expect(forecastResult(last).estimatedTimeRemaining).toBe('5 seconds');
  });

  it('a million contacts take their time', () => {
    const p50 = forecast(steadyInput({ notStarted: 1_000_000, lines: 500 })).seconds?.p50 ?? 0;
    expect(p50 / (1_000_000 * 0.12)).toBeCloseTo(1, 1);
  });

  it('one line dials one after the other', () => {
    const p50 = forecast(steadyInput({ notStarted: 40, lines: 1 })).seconds?.p50 ?? 0;
    expect(p50 / (40 * 60)).toBeCloseTo(1, 0.9);
  });

  it('when nobody is ever reached, every attempt is made', () => {
    const input = steadyInput({ reachedEvery: 0 }, { retry: { maxAttempts: 4, delaySeconds: 30 } });
    expect((forecast(input).seconds?.p50 ?? 0) / (4 * 500 * 6)).toBeCloseTo(1, 0.9);
  });

  it('calls of no length go by the pace of their starts', () => {
    const steady = steadyInput({ callSeconds: 0, lines: 1, notStarted: 600 });
    const input = { ...steady, slots: steady.slots.map((slot) => ({ ...slot, live: 0 })) };
    expectSane({ ...input, live: { count: 0, calls: [] } });
    expect((forecast({ ...input, live: { count: 0, calls: [] } }).seconds?.p50 ?? 0) / 600).toBeCloseTo(1, 0.9);
  });
});

const call = fc
  .record({
    ago: fc.integer({ min: 0, max: 7_200_000 }),
    length: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 900_000 })),
    reached: fc.boolean(),
    attempt: fc.option(fc.integer({ min: 1, max: 6 })),
    waitedMs: fc.option(fc.integer({ min: 0, max: 90_000_000 })),
    announcedMs: fc.option(fc.integer({ min: 0, max: 90_000_000 })),
  })
  .map(({ ago, length, ...rest }) => ({ startedAt: NOW - ago - length, endedAt: NOW - ago, ...rest }));

const moment = fc.integer({ min: -100_000_000, max: 100_000_000 }).map((after) => NOW + after);
const some = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 1_000_000 }));

const input: fc.Arbitrary<ForecastInput> = fc.record({
  now: fc.constant(NOW),
  phase: fc.constantFrom('running', 'waiting', 'finishing', 'paused', 'pausing', 'stalled'),
  totalKnown: fc.constant(true),
  active: fc.constant([{ from: NOW - 7_200_000, to: NOW }]),
  closed: fc.constantFrom([], [{ from: NOW - 1_000, to: NOW + 50_000_000 }]),
  notStarted: some,
  open: fc.array(
    fc.record({
      attempts: fc.integer({ min: 1, max: 5 }),
      contacts: fc.integer({ min: 1, max: 5_000 }),
      endedAt: moment,
      dueAt: fc.option(moment),
    }),
    { maxLength: 100 },
  ),
  live: fc.record({
    count: fc.integer({ min: 0, max: 200 }),
    calls: fc.array(fc.record({ startedAt: moment, attempt: fc.option(fc.integer({ min: 1, max: 5 })) })),
  }),
  retry: fc.option(
    fc.record({ maxAttempts: fc.integer({ min: 1, max: 10 }), delaySeconds: fc.integer({ min: 0, max: 100_000 }) }),
  ),
  pace: fc.option(
    fc.record({
      callsPerSecond: fc.option(fc.double({ min: 0.01, max: 100, noNaN: true })),
      concurrency: fc.option(fc.integer({ min: 1, max: 1_000 })),
    }),
  ),
  ended: fc.integer({ min: 20, max: 1_000_000 }),
  sample: fc.array(call, { minLength: 1, maxLength: 60 }),
  slots: fc.array(
    fc.record({
      at: moment,
      started: fc.integer({ min: 0, max: 100 }),
      ended: fc.integer({ min: 0, max: 100 }),
      live: fc.integer({ min: 0, max: 200 }),
    }),
    { maxLength: 60 },
  ),
  minutes: fc
    .array(fc.record({ at: moment, ended: fc.integer({ min: 1, max: 10_000 }) }), { maxLength: 60 })
    .map((minutes) => minutes.sort((a, b) => a.at - b.at)),
});

describe('whatever the input', () => {
  it('figures are whole, positive and in order', () => {
    let figures = 0;
    fc.assert(
      fc.property(input, (any) => {
        expectSane(any);
        if (forecast(any).seconds !== null) figures++;
      }),
      { numRuns: 300 },
    );
    expect(figures, 'most inputs get a figure').toBeGreaterThan(200);
  });
});
