import { describe, expect, it } from 'vitest';
import { outside } from '../active-time.ts';
import { afterOpen, openBetween } from './hours.ts';

const closed = [
  { from: 100, to: 200 },
  { from: 300, to: 350 },
];

describe('closed hours', () => {
  it('are cut out of intervals', () => {
    expect(outside([{ from: 50, to: 320 }], closed)).toEqual([
      { from: 50, to: 100 },
      { from: 200, to: 300 },
    ]);
    expect(outside([{ from: 120, to: 180 }], closed)).toEqual([]);
    expect(outside([{ from: 0, to: 10 }], [])).toEqual([{ from: 0, to: 10 }]);
  });

  it('do not count between two moments', () => {
    expect(openBetween(50, 320, closed)).toBe(150);
    expect(openBetween(150, 210, closed)).toBe(10);
  });

  it.each([
    [50, 40, 90],
    [50, 60, 210],
    [150, 10, 210],
    [50, 160, 360],
  ])('%i and %i open milliseconds later it is %i', (from, open, at) => {
    expect(afterOpen(from, open, closed)).toBe(at);
    expect(openBetween(from, at, closed)).toBe(open);
  });
});
