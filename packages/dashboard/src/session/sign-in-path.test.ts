import { expect, test } from 'vitest';
import { nextPath } from './sign-in-path.ts';

test('signing in leads back to a path of this page', () => {
  expect(nextPath('?next=%2Fcampaigns%2Fc-42')).toBe('/campaigns/c-42');
  expect(nextPath('')).toBe('/');
});

test.each(['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)'])(
  'but never to %s',
  (next) => {
    expect(nextPath(`?next=${encodeURIComponent(next)}`)).toBe('/');
  },
);
