import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs, retryAfterMs } from './backoff.ts';

describe('a back-off', () => {
  it('doubles up to its cap', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 5_000].map((failures) => backoffMs(failures, 0));
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('is shortened by chance, by a half at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
        const wait = backoffMs(failures, random);
        expect(wait).toBeLessThanOrEqual(backoffMs(failures, 0));
        expect(wait).toBeGreaterThanOrEqual(backoffMs(failures, 0) / 2);
      }),
    );
    expect(backoffMs(3, 0.5)).toBe(3_000);
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  it.each([
    ['in seconds', '7', 7_000],
    ['as a date', 'Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['in the past', 'Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['for days', '864000', 3_600_000],
    ['as nonsense', 'soon', null],
    ['left out', null, null],
  ])('%s', (_name, header, wait) => {
    expect(retryAfterMs(header, now)).toBe(wait);
  });
});
