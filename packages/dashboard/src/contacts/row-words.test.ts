import { expect, test } from 'vitest';
import { previewLine, reasonsOf } from './row-words.ts';

test.each([
  [1_176, 24, '1,176 of 1,200 rows become contacts; 24 will be skipped.'],
  [1_200, 0, 'All 1,200 rows become contacts.'],
  [1, 0, 'The one row becomes a contact.'],
  [0, 3, 'None of the 3 rows can be used.'],
  [0, 0, 'The file has no rows.'],
])('%d good and %d bad rows: %s', (accepted, rejected, line) => {
  expect(previewLine({ accepted, rejected })).toBe(line);
});

test('the most frequent reason comes first, and none without rows', () => {
  expect(reasonsOf({ reasons: { duplicate: 2, 'invalid-number': 20, 'no-number': 0 } })).toEqual([
    ['invalid-number', 20],
    ['duplicate', 2],
  ]);
});
