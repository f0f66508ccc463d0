import { Outcome, RetryPolicy } from '@ringside/protocol';
import { expect, test } from 'vitest';
import { retriedOutcomes, retryLine, retryOf, retryText, usualRetry } from './retry-text.ts';

test('a policy comes back from the fields as it was', () => {
  const policy: RetryPolicy = {
    maxAttempts: 4,
    delaySeconds: 5_400,
    outcomes: { busy: { delaySeconds: 30 }, machine: { maxAttempts: 2 }, invalid: { maxAttempts: 1, delaySeconds: 0 } },
  };
  expect(retryOf(retryText(policy))).toEqual(policy);
  expect(retryOf(retryText({ maxAttempts: 1, delaySeconds: 0 }))).toEqual({ maxAttempts: 1, delaySeconds: 0 });
});

test('what the form begins with is a policy that the server takes', () => {
  expect(RetryPolicy.parse(retryOf(usualRetry))).toEqual({
    maxAttempts: 3,
    delaySeconds: 3_600,
    outcomes: { busy: { delaySeconds: 600 }, invalid: { maxAttempts: 1 }, blocked: { maxAttempts: 1 } },
  });
});

test('the table has every outcome that may be called again', () => {
  const all: readonly string[] = Outcome.options.filter((outcome) => outcome !== 'completed' && outcome !== 'lost');
  expect([...retriedOutcomes].sort()).toEqual([...all].sort());
});

test('a policy is read out briefly', () => {
  expect(retryLine(null)).toBe('each contact is called once');
  expect(retryLine({ maxAttempts: 3, delaySeconds: 3_600 })).toBe('up to 3 calls, 60 min apart');
  expect(retryLine(retryOf(usualRetry))).toBe('up to 3 calls, 60 min apart; otherwise after 3 outcomes');
});
