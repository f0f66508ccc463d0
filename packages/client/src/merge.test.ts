import { expect, test } from 'vitest';
import { mergePatch } from './merge.ts';

test('objects merge member by member, and what is not named stays the same object', () => {
  const value = { a: { x: 1, y: 2 }, b: { z: 3 } };
  const merged = mergePatch(value, { a: { y: 5 } });
  expect(merged).toEqual({ a: { x: 1, y: 5 }, b: { z: 3 } });
  expect(merged.b).toBe(value.b);
  expect(value.a.y).toBe(2);
});

test('null is a value, in both directions', () => {
  const forecast = { seconds: { p50: 900 } };
  const value: { forecast: object | null } = { forecast };
  expect(mergePatch(value, { forecast: null })).toEqual({ forecast: null });
  expect(mergePatch({ forecast: null }, { forecast })).toEqual({ forecast });
});

test('arrays replace', () => {
  expect(mergePatch({ blockers: [{ code: 'a' }, { code: 'b' }] }, { blockers: [{ code: 'c' }] })).toEqual({
    blockers: [{ code: 'c' }],
  });
});

test('new members arrive, such as a campaign of the overview', () => {
  expect(mergePatch({ campaigns: { one: { v: 1 } } }, { campaigns: { two: { v: 2 } } })).toEqual({
    campaigns: { one: { v: 1 }, two: { v: 2 } },
  });
});

test('a member called __proto__ is a member like any other', () => {
  const merged = mergePatch({ campaigns: {} }, JSON.parse('{"campaigns":{"__proto__":{"v":1}}}'));
  expect(Object.keys(merged.campaigns)).toEqual(['__proto__']);
  expect(({} as { v?: number }).v).toBeUndefined();
});
