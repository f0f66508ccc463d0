import { expect, it } from 'vitest';
import { duration, Progress } from './progress.ts';

function drawn(isWatched: boolean): { lines: string[]; progress: Progress; pass: (ms: number) => void } {
  const lines: string[] = [];
  let now = 1_000;
  const progress = new Progress({ err: (text) => lines.push(text), isWatched }, () => now);
  return {
    lines,
    progress,
    pass: (ms) => {
      now += ms;
    },
  };
}

it('shows how far it is, how fast, and how long it takes yet', () => {
  const { lines, progress, pass } = drawn(true);
  progress.start('c-42', 4_000, 'deliveries');
  pass(2_000);
  progress.add(1_000);
  expect(lines.at(-1)).toMatch(/c-42 {2}█{6}░{18} 25 % {2}1,000 deliveries, 500\/s, 6 s left$/);
});

it('redraws at most ten times a second, and not at all where nobody watches', () => {
  const { lines, progress, pass } = drawn(true);
  progress.start('c', null, 'rows');
  for (let i = 0; i < 100; i += 1) {
    pass(10);
    progress.add(1);
  }
  expect(lines.length).toBeLessThanOrEqual(10);
  const unwatched = drawn(false);
  unwatched.progress.start('c', 1, 'rows');
  unwatched.pass(500);
  unwatched.progress.add(1);
  unwatched.progress.clear();
  expect(unwatched.lines).toEqual([]);
});

it.each([
  [0.4, '0 s'],
  [75, '1 min 15 s'],
  [7_300, '2 h 1 min'],
])('says %s seconds as %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
