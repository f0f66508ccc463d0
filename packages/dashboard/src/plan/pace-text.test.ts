import { expect, test } from 'vitest';
import { paceLine, paceOf, paceText } from './pace-text.ts';

test('a pace comes back from the fields as it was, and empty is without a limit', () => {
  for (const pace of [{ callsPerSecond: 0.2, concurrency: 10 }, { concurrency: 5 }, {}])
    expect(paceOf(paceText(pace))).toEqual(pace);
  expect(paceOf(paceText(null))).toEqual({});
});

test('a pace is read out briefly', () => {
  expect(paceLine({ callsPerSecond: 2, concurrency: 10 })).toBe('2 calls a second, 10 live at once');
  expect(paceLine({})).toBe('as fast as the account allows');
});
