import type { RecentCall } from '@ringside/protocol';
import { expect, test } from 'vitest';
import { emptyFeed, nextFeed } from './feed-state.ts';

const call = (callUUID: string, changes: Partial<RecentCall> = {}): RecentCall => ({
  callUUID,
  number: null,
  status: 'completed',
  duration: 10,
  endTime: '2026-01-01T10:00:00Z',
  leadStatus: null,
  hangupCause: null,
  ...changes,
});
const ids = (calls: readonly RecentCall[]) => calls.map(({ callUUID }) => callUUID);

test('the first calls do not count as news; later ones do', () => {
  const first = nextFeed(emptyFeed, [call('b'), call('a')], true);
  expect(first.entered.size).toBe(0);
  const second = nextFeed(first, [call('c'), call('b'), call('a')], true);
  expect(ids(second.shown)).toEqual(['c', 'b', 'a']);
  expect([...second.entered]).toEqual(['c']);
});

test('while somebody reads, new calls wait and shown ones stay where they are', () => {
  const first = nextFeed(emptyFeed, [call('b'), call('a')], true);
  const held = nextFeed(first, [call('d'), call('c'), call('b', { leadStatus: 'hot' })], false);
  expect(ids(held.shown)).toEqual(['b', 'a']);
  expect(held.shown[0]?.leadStatus).toBe('hot');
  expect(held.waiting).toBe(2);
  const back = nextFeed(held, [call('d'), call('c'), call('b')], true);
  expect(back).toMatchObject({ waiting: 0 });
  expect(ids(back.shown)).toEqual(['d', 'c', 'b']);
});
