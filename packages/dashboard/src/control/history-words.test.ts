import type { TimelineItem } from '@ringside/protocol';
import { expect, test } from 'vitest';
import { formatMinute } from '../format.ts';
import { historyLine } from './history-words.ts';

const now = new Date('2026-11-23T10:00:00Z');
const item = (changes: Partial<TimelineItem>): TimelineItem => ({
  at: now.toISOString(),
  kind: 'paused',
  actor: 'asha',
  reason: null,
  changes: null,
  ...changes,
});

test('a timed pause says until when', () => {
  const until = '2026-11-23T10:30:00.000Z';
  expect(historyLine(item({ reason: 'lunch', changes: { until } }), now)).toEqual({
    what: `Paused until ${formatMinute(new Date(until), now)}`,
    why: 'lunch',
  });
});

test('the breaker’s pause shows its evidence', () => {
  const reason = '18 of 20 calls failed: 4010 Invalid number';
  expect(historyLine(item({ actor: 'breaker', reason }), now)).toEqual({
    what: 'Paused after a burst of failures',
    why: reason,
  });
});

test('a change names what was changed, and nothing that is not for people', () => {
  const changes = { pace: { callsPerSecond: 2, concurrency: 10 }, windows: { weekly: [] }, listZones: ['UTC'] };
  expect(historyLine(item({ kind: 'changed', changes }), now).why).toBe('pace 2 / s, 10 at once; calling hours');
  expect(historyLine(item({ kind: 'changed', changes: { pace: {} } }), now).why).toBe('pace without a limit');
});
