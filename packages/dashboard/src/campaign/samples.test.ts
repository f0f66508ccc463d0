import type { Report } from '@ringside/protocol';
import { expect, test } from 'vitest';
import { addSample, type Sample } from './samples.ts';

function report(asOf: string, activeCalls: number): Report {
  const some = {
    asOf,
    phase: 'running',
    callMetrics: {
      activeCalls,
      answerRate: 50,
      rates: { answer: null },
      pace: { attemptsPerMinute: 12, settledPerMinute: 8 },
    },
  };
  return some as unknown as Report;
}

const samplesOf = (...reports: Report[]): readonly Sample[] => reports.reduce(addSample, [] as readonly Sample[]);

test('one sample in five seconds, the latest', () => {
  const samples = samplesOf(
    report('2026-01-01T10:00:00Z', 3),
    report('2026-01-01T10:00:04Z', 5),
    report('2026-01-01T10:00:05Z', 6),
  );
  expect(samples.map(({ activeCalls }) => activeCalls)).toEqual([5, 6]);
});

test('what was not seen is a gap', () => {
  const samples = samplesOf(report('2026-01-01T10:00:00Z', 3), report('2026-01-01T10:01:00Z', 5));
  expect(samples.map(({ activeCalls }) => activeCalls)).toEqual([3, null, 5]);
});

test('the time that comes once more, because the server’s clock was set back, is seen anew', () => {
  const before = samplesOf(
    report('2026-01-01T10:00:00Z', 1),
    report('2026-01-01T12:00:00Z', 2),
    report('2026-01-01T12:00:05Z', 3),
  );
  const after = addSample(before, report('2026-01-01T10:00:05Z', 4));
  expect(after.map(({ activeCalls }) => activeCalls)).toEqual([1, 4]);
  const still = { ...report('2026-01-01T10:00:00Z', 0), phase: 'paused' } as Report;
  expect(addSample(before, still)).toBe(before);
});

test('an older report changes nothing, and an hour is kept', () => {
  const samples = samplesOf(report('2026-01-01T10:00:10Z', 3));
  expect(addSample(samples, report('2026-01-01T10:00:00Z', 9))).toBe(samples);
  const hours = Array.from({ length: 1_500 }, (_, i) => report(new Date(i * 5_000).toISOString(), i));
  expect(samplesOf(...hours)).toHaveLength(720);
});
