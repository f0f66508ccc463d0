import { expect, test } from 'vitest';
import { blockerWord, isQuiet, isUrgent, shortReason } from './blocker-words.ts';
import { formatMinute } from './format.ts';

const now = new Date('2026-11-23T10:00:00Z');
const until = '2026-11-23T12:30:00.000Z';
const blocker = (code: string, end: string | null = null) => ({ code, message: `About ${code}.`, until: end });

test('what only a person can mend is urgent, even where the dialer tries again by itself', () => {
  for (const code of ['out-of-credits', 'account-refused', 'breaker-open', 'needs-person', 'no-events'])
    expect(isUrgent(blocker(code, until)), code).toBe(true);
});

test('what ends by itself, or was wanted so, needs nobody', () => {
  for (const code of ['paused', 'retry-not-due', 'rate-limited', 'account-limit', 'nothing-left', 'deadline-passed'])
    expect(isUrgent(blocker(code)), code).toBe(false);
  expect(isUrgent(blocker('outside-calling-window', until))).toBe(false);
  expect(isUrgent(blocker('outside-calling-window')), 'it never opens').toBe(true);
});

test('all lines busy is how dialing goes when all is well', () => {
  expect(isQuiet(blocker('concurrency-reached'))).toBe(true);
  expect(isUrgent(blocker('concurrency-reached'))).toBe(false);
});

test('a row says a reason in a few words, and when it ends', () => {
  expect(shortReason(blocker('outside-calling-window', until), now)).toBe(
    `outside calling hours, opens at ${formatMinute(new Date(until), now)}`,
  );
  expect(shortReason(blocker('paused'), now)).toBe('About paused');
});

test('a code of a newer server is shown by its own name', () => {
  expect(blockerWord('moon-phase').short).toBe('moon phase');
  expect(isUrgent(blocker('moon-phase'))).toBe(true);
});
