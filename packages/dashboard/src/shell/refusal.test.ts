import type { IntakeStatus } from '@ringside/client';
import { expect, test } from 'vitest';
import { gravityOf } from './refusal.ts';

const now = Date.parse('2026-01-01T12:00:00Z');
const intake = (lastCallbackAt: string | null, refusedAt: string | null): IntakeStatus => ({
  lastCallbackAt,
  accepted: 0,
  unchanged: 0,
  aside: 0,
  refused: refusedAt === null ? 0 : 1,
  lastRefusal:
    refusedAt === null ? null : { at: refusedAt, reason: 'no match', url: 'https://example.test/plivo/hangup-url' },
  unassigned: 0,
  waiting: 0,
  sweep: { lastRunAt: null, waiting: 0, reconciled: 0, lost: 0, unavailable: 0, warning: null },
  publicUrls: [],
});

test('nothing refused, or long ago: no news', () => {
  expect(gravityOf(intake(null, null), now)).toBe('none');
  expect(gravityOf(intake(null, '2026-01-01T11:00:00Z'), now)).toBe('none');
});

test('only refusals: all', () => {
  expect(gravityOf(intake(null, '2026-01-01T11:59:50Z'), now)).toBe('all');
  expect(gravityOf(intake('2026-01-01T11:50:00Z', '2026-01-01T11:59:50Z'), now)).toBe('all');
});

test('a refusal among good callbacks: some', () => {
  expect(gravityOf(intake('2026-01-01T11:59:58Z', '2026-01-01T11:59:50Z'), now)).toBe('some');
  expect(gravityOf(intake('2026-01-01T11:59:49Z', '2026-01-01T11:59:50Z'), now)).toBe('some');
});
