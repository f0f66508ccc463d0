import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergePatch } from '../testing/merge-patch.ts';
import { diff } from './diff.ts';

/** Values of one shape: the same members always, as reports have them. */
const value = fc.record({
  a: fc.integer({ min: 0, max: 2 }),
  n: fc.option(fc.record({ x: fc.constantFrom(1, 2), y: fc.option(fc.constant('y')) })),
  list: fc.array(fc.record({ k: fc.integer({ min: 0, max: 1 }) }), { maxLength: 2 }),
  deep: fc.record({ er: fc.record({ v: fc.integer({ min: 0, max: 1 }) }) }),
});

describe('diff', () => {
  it('gives a patch that turns the one into the other', () => {
    fc.assert(
      fc.property(value, value, (from, to) => {
        const patch = diff(from, to);
        expect(mergePatch(from, patch ?? {})).toEqual(to);
      }),
    );
  });

  it('gives nothing for equals, and only what differs otherwise', () => {
    expect(diff({ a: 1, b: { c: [1] } }, { a: 1, b: { c: [1] } })).toBeNull();
    expect(diff({ a: 1, b: { c: 1, d: 2 } }, { a: 1, b: { c: 1, d: null } })).toEqual({ b: { d: null } });
    expect(diff({ a: null }, { a: { b: 1 } })).toEqual({ a: { b: 1 } });
    expect(diff({}, { constructor: { a: 1 } })).toEqual({ constructor: { a: 1 } });
  });
});
