import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Lines } from './lines.ts';
import { RetryQueue } from './retry-queue.ts';

describe('retry queue', () => {
  it('gives everybody back, earliest due first, also after it was cleared', () => {
    const entry = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 4 }));
    const queue = new RetryQueue();
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1 }), fc.integer({ min: 1, max: 3 }), (entries, most) => {
        queue.clear();
        entries.forEach(([due, contacts], index) => {
          queue.push(due, index, contacts);
        });
        const taken: number[] = [];
        while (queue.contacts > 0) {
          const { nextDue, nextAttempts } = queue;
          expect(entries[nextAttempts]?.[0]).toBe(nextDue);
          const count = queue.take(most);
          for (let i = 0; i < count; i++) taken.push(nextDue);
        }
        const expected = entries.flatMap(([due, contacts]) => Array.from({ length: contacts }, () => due));
        expect(taken).toEqual(expected.sort((a, b) => a - b));
        expect(queue.nextDue).toBe(Number.POSITIVE_INFINITY);
      }),
    );
  });
});

describe('lines', () => {
  it('always offer the one that falls free first', () => {
    const times = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(times, times, (free, lengths) => {
        const lines = new Lines(free);
        const plain = [...free];
        for (const length of lengths) {
          plain.sort((a, b) => a - b);
          const first = plain.shift() ?? 0;
          expect(lines.earliest).toBe(first);
          lines.occupy(first + length);
          plain.push(first + length);
        }
      }),
    );
  });

  it('without any there is no limit', () => {
    const none = new Lines([]);
    none.occupy(7);
    expect(none.earliest).toBe(Number.NEGATIVE_INFINITY);
  });
});
