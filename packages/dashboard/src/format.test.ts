import { expect, test } from 'vitest';
import {
  counted,
  durationOf,
  formatAgo,
  formatClock,
  formatCount,
  formatIn,
  formatMinute,
  formatMoney,
  formatTalk,
  inReadersTime,
  percentOf,
  perMinute,
  plain,
} from './format.ts';
import { readInstant } from './readers.ts';

const NARROW = '\u202f';
const spaced = (text: string) => text.replaceAll(NARROW, ' ');

test('counts are grouped', () => {
  expect(formatCount(0)).toBe('0');
  expect(formatCount(1_234_567)).toBe('1,234,567');
});

test('percentages have one decimal, always', () => {
  expect(spaced(plain(percentOf(51.3)))).toBe('51.3 %');
  expect(spaced(plain(percentOf(100)))).toBe('100.0 %');
  expect(spaced(plain(perMinute(12)))).toBe('12.0 / min');
});

test.each([
  [0, '0 s'],
  [59, '59 s'],
  [60, '1 m 0 s'],
  [108, '1 m 48 s'],
  [3_599.6, '1 h 0 m'],
  [4_000, '1 h 6 m'],
  [360_000, '100 h 0 m'],
])('a duration of %d s shows its two largest units: %s', (seconds, text) => {
  expect(spaced(plain(durationOf(seconds)))).toBe(text);
});

test('talk time reads like a phone’s display', () => {
  expect(formatTalk(0)).toBe('0:00');
  expect(formatTalk(130)).toBe('2:10');
  expect(formatTalk(4_000)).toBe('1:06:40');
});

test('clock times are in the given zone, on 24 hours', () => {
  const at = new Date('2025-08-07T18:35:07Z');
  expect(formatClock(at, 'Asia/Kolkata')).toBe('00:05:07');
  expect(formatMinute(at, at, 'UTC')).toBe('18:35');
  expect(formatMinute(at, new Date('2025-08-09T10:00:00Z'), 'UTC')).toBe('7 Aug, 18:35');
  expect(formatMinute(at, new Date('2026-01-02T10:00:00Z'), 'UTC')).toBe('7 Aug 2025, 18:35');
});

test.each([
  [-500, 'now'],
  [3_400, '3 s ago'],
  [60_000, '1 min ago'],
  [7_300_000, '2 h ago'],
  [86_400_000, '1 day ago'],
  [400_000_000, '4 days ago'],
])('%d ms ago is %s', (milliseconds, text) => {
  expect(formatAgo(milliseconds)).toBe(text);
});

test('money keeps two figures that matter', () => {
  expect(formatMoney('14.2', 'INR')).toBe('₹14.20');
  expect(formatMoney('0.017542', 'USD')).toBe('$0.018');
  expect(formatMoney('0.5', 'USD')).toBe('$0.50');
  expect(formatMoney('0.00000', 'USD')).toBe('$0.00');
  expect(formatMoney('1234.5', null)).toBe('1,234.50');
});

test('words follow their number', () => {
  expect(counted(1, 'call')).toBe('1 call');
  expect(counted(0, 'call')).toBe('0 calls');
});

test.each([
  [-5_000, 'in a moment'],
  [1, 'in 1 s'],
  [59_000, 'in 59 s'],
  [60_001, 'in 2 min'],
  [42 * 60_000, 'in 42 min'],
  [3 * 3_600_000, 'in 3 h'],
  [190 * 60_000, 'in 3 h 10 min'],
  [24 * 3_600_000, 'in a day'],
  [71 * 3_600_000, 'in 3 days'],
])('%d ms ahead is %s', (milliseconds, text) => {
  expect(formatIn(milliseconds)).toBe(text);
});

test('a sentence of the server is told in the reader’s time', () => {
  const now = new Date('2026-11-23T10:00:00Z');
  const sentence = 'Moves from 2026-11-23T11:10:00.000Z to 2026-11-24T03:30:00Z.';
  expect(inReadersTime(sentence, now, 'Asia/Kolkata')).toBe('Moves from 16:40 to 24 Nov, 09:00.');
  expect(inReadersTime('Nothing of the kind.', now)).toBe('Nothing of the kind.');
});

test.each(['soon', '', null, undefined, Number.NaN, 9e15, new Date(Number.NaN)])('%s is no instant', (garbage) => {
  const now = new Date('2026-11-23T10:00:00Z');
  expect([formatClock(garbage), formatMinute(garbage, now), formatMinute(now, garbage)]).toEqual(['–', '–', '–']);
  expect([formatAgo(readInstant(garbage)), formatIn(readInstant(garbage))]).toEqual(['–', '–']);
});

test('a clock of an unknown zone is shown in UTC', () => {
  const at = '2026-11-23T10:00:00Z';
  expect(formatClock(at, 'Foo/Bar')).toBe('10:00:00');
  expect(formatMinute(at, at, '')).toBe('10:00');
});

test.each(['Rs', '₹', 'RUPEE', '', '12'])('an amount in the unknown currency “%s” is shown without one', (currency) => {
  expect(formatMoney('14.2', currency)).toBe('14.20');
});

test('what is no number is shown as unknown', () => {
  const [garbage, endless] = [Number.NaN, Number.POSITIVE_INFINITY];
  expect([formatMoney('much', 'INR'), formatCount(garbage), formatTalk(endless)]).toEqual(['–', '–', '–']);
  for (const quantity of [percentOf(garbage), perMinute(endless), durationOf(garbage)])
    expect(quantity[0]).toEqual({ text: '–' });
});
