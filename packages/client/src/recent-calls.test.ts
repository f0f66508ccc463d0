import { expect, test } from 'vitest';
import { upsertCalls } from './recent-calls.ts';
import { callOf } from './testing/fakes.ts';

const ids = (calls: readonly { callUUID: string }[]) => calls.map(({ callUUID }) => callUUID);

test('new calls enter by their end, newest first, ties by callUUID', () => {
  const feed = [callOf('b', '2025-08-07T15:30:00Z')];
  const calls = [
    callOf('a', '2025-08-07T15:30:00Z'),
    callOf('c', '2025-08-07T15:31:00.500Z'),
    callOf('d', '2025-08-07T15:29:00Z'),
  ];
  expect(ids(upsertCalls(feed, calls, 25))).toEqual(['c', 'a', 'b', 'd']);
});

test('a known call is replaced, and moves when its end was corrected', () => {
  const feed = [callOf('a', '2025-08-07T15:31:00Z'), callOf('b', '2025-08-07T15:30:00Z')];
  const [first, second] = upsertCalls(feed, [callOf('b', '2025-08-07T15:32:00Z', { leadStatus: 'hot' })], 25);
  expect(first).toMatchObject({ callUUID: 'b', leadStatus: 'hot' });
  expect(second?.callUUID).toBe('a');
});

test('the oldest leave a full feed', () => {
  const feed = Array.from({ length: 25 }, (_, i) =>
    callOf(`c${i}`, `2025-08-07T15:30:${String(59 - i).padStart(2, '0')}Z`),
  );
  const next = upsertCalls(feed, [callOf('new', '2025-08-07T15:31:00Z')], 25);
  expect(next).toHaveLength(25);
  expect(ids(next)[0]).toBe('new');
  expect(ids(next)).not.toContain('c24');
});
