import { Instant } from '@ringside/protocol';
import { expect, it } from 'vitest';
import { iso } from './instant.ts';

it('an instant is written in UTC, with milliseconds where there are any', () => {
  expect(iso(Date.UTC(2026, 10, 23, 10))).toBe('2026-11-23T10:00:00Z');
  expect(iso(Date.UTC(2026, 10, 23, 10, 0, 0, 5))).toBe('2026-11-23T10:00:00.005Z');
});

it.each([
  [Number.NaN, '1970-01-01T00:00:00Z'],
  [Number.POSITIVE_INFINITY, '9999-12-31T23:59:59.999Z'],
  [Number.NEGATIVE_INFINITY, '0000-01-01T00:00:00Z'],
  [8.64e15 + 1, '9999-12-31T23:59:59.999Z'],
  [-8.64e15, '0000-01-01T00:00:00Z'],
  [1e300, '9999-12-31T23:59:59.999Z'],
])('of a damaged record, %d is written as %s', (at, text) => {
  expect(iso(at)).toBe(text);
  expect(Instant.parse(text)).toBe(text);
});
