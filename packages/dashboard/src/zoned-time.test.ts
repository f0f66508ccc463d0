import { expect, test } from 'vitest';
import { instantOf, localAt, tomorrowAt } from './zoned-time.ts';

test('a clock of a zone is read and written', () => {
  const at = new Date('2026-11-22T20:15:30Z');
  expect(localAt(at, 'Asia/Kolkata')).toBe('2026-11-23T01:45');
  expect(instantOf('2026-11-23T01:45', 'Asia/Kolkata').toISOString()).toBe('2026-11-22T20:15:00.000Z');
  expect(instantOf('2026-11-23T01:45', 'UTC').toISOString()).toBe('2026-11-23T01:45:00.000Z');
});

test('the offset is that of the day itself, on both sides of a change of clocks', () => {
  expect(instantOf('2026-03-28T09:00', 'Europe/Berlin').toISOString()).toBe('2026-03-28T08:00:00.000Z');
  expect(instantOf('2026-03-29T09:00', 'Europe/Berlin').toISOString()).toBe('2026-03-29T07:00:00.000Z');
  expect(instantOf('2026-03-29T01:30', 'Europe/Berlin').toISOString()).toBe('2026-03-29T00:30:00.000Z');
  expect(instantOf('2026-10-25T09:00', 'Europe/Berlin').toISOString()).toBe('2026-10-25T08:00:00.000Z');
});

test('tomorrow is that of the zone, not that of UTC', () => {
  const now = new Date('2026-11-22T20:00:00Z');
  expect(tomorrowAt('09:00', now, 'Asia/Kolkata').toISOString()).toBe('2026-11-24T03:30:00.000Z');
  expect(tomorrowAt('09:00', now, 'America/New_York').toISOString()).toBe('2026-11-23T14:00:00.000Z');
});
