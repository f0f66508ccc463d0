import { expect, it } from 'vitest';
import { ServerClock } from './server-clock.ts';
import { FakeTimers } from './testing/fakes.ts';

const THEIRS = Date.UTC(2026, 2, 1, 10);
const told = (at: number): string => new Date(at).toUTCString();

it('is the server’s time, whatever this machine’s clock shows', () => {
  const timers = new FakeTimers();
  const clock = new ServerClock(timers);
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1_000);
  clock.hear(told(THEIRS));
  timers.pass(90_500);
  expect(clock.now()).toBe(THEIRS + 90_500);
});

it('does not waver with how long answers travel, and follows a server whose clock is set', () => {
  const timers = new FakeTimers();
  const clock = new ServerClock(timers);
  clock.hear(told(THEIRS));
  timers.pass(5_900);
  clock.hear(told(THEIRS + 5_000));
  expect(clock.now()).toBe(THEIRS + 5_900);
  clock.hear(null);
  clock.hear(told(THEIRS - 7_200_000));
  expect(clock.now()).toBe(THEIRS - 7_200_000);
});
