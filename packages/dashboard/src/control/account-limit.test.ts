import { expect, test } from 'vitest';
import { accountLimitNote } from './account-limit.ts';

test('an account’s limits are told where somebody set them', () => {
  expect(accountLimitNote({ name: 'Main', limits: { callsPerSecond: 2, concurrency: 50 } })).toBe(
    'The account “Main” allows 2 calls a second, 50 live at once, shared by all of its campaigns.',
  );
  expect(accountLimitNote({ name: 'Main', limits: { callsPerSecond: 0.5, concurrency: null } })).toBe(
    'The account “Main” allows 0.5 calls a second, shared by all of its campaigns.',
  );
  expect(accountLimitNote({ name: 'Main', limits: null })).toBe('');
});
