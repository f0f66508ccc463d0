import { expect, test } from 'vitest';
import { instantOf, localAt, tomorrowAt } from './zoned-time.ts';

test('a clock of a zone is read and written', () => {
  const at = new Date('2026-11-22T20:15:30Z');
  expect(localAt(at, 'Asia/Kolkata')).toBe('2026-11-23T01:45');
  expect(instantOf('2026-11-23T01:45', 'Asia/Kolkata')).toBe('2026-11-22T20:15:00.000Z');
  expect(instantOf('2026-11-23T01:45', 'UTC')).toBe('2026-11-23T01:45:00.000Z');
});

test('the offset is that of the day itself, on both sides of a change of clocks', () => {
  expect(instantOf('2026-03-28T09:00', 'Europe/Berlin')).toBe('2026-03-28T08:00:00.000Z');
  expect(instantOf('2026-03-29T09:00', 'Europe/Berlin')).toBe('2026-03-29T07:00:00.000Z');
  expect(instantOf('2026-03-29T01:30', 'Europe/Berlin')).toBe('2026-03-29T00:30:00.000Z');
  expect(instantOf('2026-10-25T09:00', 'Europe/Berlin')).toBe('2026-10-25T08:00:00.000Z');
});

test('tomorrow is that of the zone, not that of UTC', () => {
  const now = new Date('2026-11-22T20:00:00Z');
  expect(tomorrowAt('09:00', now, 'Asia/Kolkata')).toBe('2026-11-24T03:30:00.000Z');
  expect(tomorrowAt('09:00', now, 'America/New_York')).toBe('2026-11-23T14:00:00.000Z');
});

test.each([NaN, 'soon', '', null, undefined, 8.64e15 + 1, '+275760-09-13T00:00:00Z'])('%s is no instant', (moment) => {
  expect(localAt(moment, 'Asia/Kolkata')).toBe('');
});

test.each(['', 'soon', '2026-13-01T09:00', '12026-11-23T09:00', '2026-11-23'])('“%s” is no time of day', (local) => {
  expect(instantOf(local, 'Asia/Kolkata')).toBeNull();
});

test.each(['Foo/Bar', '', 'Asia/Kolkata ', '__proto__'])('the unknown zone “%s” counts as UTC', (zone) => {
  expect(localAt('2026-11-22T20:15:30Z', zone)).toBe('2026-11-22T20:15');
  expect(instantOf('2026-11-22T20:15', zone)).toBe('2026-11-22T20:15:00.000Z');
});
