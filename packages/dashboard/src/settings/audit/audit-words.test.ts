import { expect, test } from 'vitest';
import { differencesOf, nameOf } from './audit-words.ts';

test('a change is told by what differs', () => {
  const before = { name: 'Old', role: 'viewer', limits: { a: 1 }, closedAt: null };
  const after = { name: 'New', role: 'viewer', limits: { a: 2 }, closedAt: 17 };
  expect(differencesOf(before, after)).toEqual([
    { name: 'name', before: 'Old', after: 'New' },
    { name: 'limits', before: '{"a":1}', after: '{"a":2}' },
    { name: 'closedAt', before: null, after: '1970-01-01T00:00:00.017Z' },
  ]);
});

test('something new is told whole, and something that says nothing not at all', () => {
  expect(differencesOf(null, { id: 'k', scopes: null })).toEqual([{ name: 'id', before: null, after: 'k' }]);
  expect(differencesOf(null, null)).toEqual([]);
  expect(differencesOf(null, 'text')).toEqual([{ name: 'value', before: null, after: 'text' }]);
});

test('what was changed is called by its name as it is now', () => {
  expect(nameOf({ before: { name: 'Old' }, after: { name: 'New' } })).toBe('New');
  expect(nameOf({ before: { name: 'Gone' }, after: null })).toBe('Gone');
  expect(nameOf({ before: null, after: { id: 'x' } })).toBeNull();
});
