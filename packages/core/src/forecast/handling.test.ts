import { describe, expect, it } from 'vitest';
import { handlingOf, weightsOf } from './handling.ts';
import type { SampleCall } from './types.ts';

function call(seconds: number, reached = false): SampleCall {
  return { startedAt: 0, endedAt: seconds * 1_000, reached, attempt: 1, waitedMs: null, announcedMs: null };
}

describe('weights of ended calls', () => {
  it('grow by those of live calls that are younger than they became', () => {
    const [ten = 0, twenty = 0, thirty = 0] = weightsOf([call(10), call(20), call(30)], [15, 25]);
    expect(ten).toBeCloseTo(1, 2);
    // The call of age 15 is shared between 20 and 30, the one of age 25 goes to 30.
    expect(twenty).toBeCloseTo(1.5, 2);
    expect(thirty).toBeCloseTo(2.5, 2);
  });

  it('halve over 800 newer calls', () => {
    const weights = weightsOf(
      Array.from({ length: 801 }, () => call(10)),
      [],
    );
    expect(weights[800]).toBeCloseTo(0.5, 9);
  });
});

describe('lengths of calls', () => {
  it('are told apart by whether they reached anybody', () => {
    const sample = [call(100, true), call(20), call(120, true), call(40)];
    const handling = handlingOf(sample, Float64Array.of(1, 1, 1, 1));
    expect(handling.reachedMean).toBe(110);
    expect(handling.missedMean).toBe(30);
    expect(handling.mean).toBe(70);
    expect([...new Set(handling.any)]).toEqual([20, 40, 100, 120]);
    expect(handling.reached.filter((length) => length === 100)).toHaveLength(128);
  });
});
