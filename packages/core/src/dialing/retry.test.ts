import type { Outcome, RetryPolicy } from '@ringside/protocol';
import { describe, expect, it } from 'vitest';
import { retryDue } from './retry.ts';

const endedAt = Date.UTC(2025, 7, 7, 14);

/** Seconds after the end, or `null`. */
function delayOf(policy: RetryPolicy | null, outcomes: readonly Outcome[], extra = 0): number | null {
  const due = retryDue(policy, { outcomes, endedAt, extra });
  return due === null ? null : (due - endedAt) / 1_000;
}

const policy: RetryPolicy = {
  maxAttempts: 3,
  delaySeconds: 1_800,
  outcomes: { busy: { delaySeconds: 300 }, invalid: { maxAttempts: 1 }, machine: { maxAttempts: 2, delaySeconds: 60 } },
};

describe('the next attempt', () => {
  it('comes after the delay of its outcome, else of the policy', () => {
    expect(delayOf(policy, ['no-answer'])).toBe(1_800);
    expect(delayOf(policy, ['no-answer', 'busy'])).toBe(300);
    expect(delayOf(policy, ['busy', 'no-answer'])).toBe(1_800);
  });

  it('has one budget for all outcomes', () => {
    expect(delayOf(policy, ['busy', 'no-answer'])).not.toBeNull();
    expect(delayOf(policy, ['busy', 'no-answer', 'failed'])).toBeNull();
  });

  it('does not come where an outcome may not end as many attempts', () => {
    expect(delayOf(policy, ['invalid'])).toBeNull();
    expect(delayOf(policy, ['machine'])).toBe(60);
    expect(delayOf(policy, ['machine', 'machine'])).toBeNull();
    expect(delayOf(policy, ['machine', 'busy'])).toBe(300);
  });

  it.each(['completed', 'lost'] as const)('never comes after %s', (outcome) => {
    expect(delayOf(policy, [outcome], 5)).toBeNull();
  });

  it('never comes for somebody who was reached before, but may after a call whose end never came', () => {
    expect(delayOf(policy, ['completed', 'no-answer'])).toBeNull();
    expect(delayOf(policy, ['lost', 'no-answer'])).toBe(1_800);
  });

  it('may be granted beside the policy, which an outcome that ends it still does', () => {
    expect(delayOf(policy, ['busy', 'no-answer', 'failed'], 1)).toBe(1_800);
    expect(delayOf(policy, ['busy', 'no-answer', 'failed', 'failed'], 1)).toBeNull();
    expect(delayOf(policy, ['invalid'], 1)).toBeNull();
  });

  it('without a policy comes only where it was granted, at once', () => {
    expect(delayOf(null, ['no-answer'])).toBeNull();
    expect(delayOf(null, ['no-answer'], 1)).toBe(0);
    expect(delayOf(null, [])).toBeNull();
  });
});
