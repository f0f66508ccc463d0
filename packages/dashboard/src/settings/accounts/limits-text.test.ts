import { expect, test } from 'vitest';
import { limitsOf, limitsText } from './limits-text.ts';

test('limits come back from the fields as they were', () => {
  for (const limits of [null, { callsPerSecond: 2, concurrency: 50 }, { callsPerSecond: 0.5, concurrency: null }])
    expect(limitsOf(limitsText(limits))).toEqual(limits);
});
