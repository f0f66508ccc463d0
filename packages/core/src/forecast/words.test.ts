import { describe, expect, it } from 'vitest';
import { durationInWords } from './words.ts';

describe('a remaining time in words', () => {
  it.each([
    [0, '5 seconds'],
    [42, '40 seconds'],
    [59, '1 minute'],
    [900, '15 minutes'],
    [1_400, '25 minutes'],
    [3_500, '1 h'],
    [4_810, '1 h 20 min'],
    [19_000, '5 h 15 min'],
    [86_399, '1 day'],
    [190_000, '2 days 5 h'],
  ])('%i s is %s', (seconds, words) => {
    expect(durationInWords(seconds)).toBe(words);
  });

  it('never says 60 minutes, 60 min, or nothing', () => {
    for (let seconds = 0; seconds < 100_000; seconds += 7) {
      expect(durationInWords(seconds)).not.toMatch(/\b60 |^0|\b0 /);
    }
  });
});
