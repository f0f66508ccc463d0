import type { Outcome, RetryPolicy } from '@ringside/protocol';

/** What a contact has behind it when one of its attempts has just ended. */
export interface Tried {
  /** Of all its attempts, oldest first. */
  readonly outcomes: readonly Outcome[];
  /** When the last of them ended, epoch milliseconds. */
  readonly endedAt: number;
  /** Attempts that somebody granted beside the policy. */
  readonly extra: number;
}

/**
 * When a contact is called again, epoch milliseconds, or `null` when it is not: one budget for all outcomes, and some
 * outcomes may end fewer attempts than that. Who was reached is left alone, and who may have been (`lost`) too. Without
 * a policy there is one attempt, and what was granted. The calling hours are not looked at here.
 */
export function retryDue(policy: RetryPolicy | null, { outcomes, endedAt, extra }: Tried): number | null {
  const last = outcomes.at(-1);
  if (last === undefined || last === 'lost' || outcomes.includes('completed')) return null;
  if (outcomes.length >= (policy?.maxAttempts ?? 1) + extra) return null;
  const rule = policy?.outcomes?.[last as keyof NonNullable<RetryPolicy['outcomes']>];
  const alike = outcomes.filter((outcome) => outcome === last).length;
  if (rule?.maxAttempts !== undefined && alike >= rule.maxAttempts) return null;
  return endedAt + (rule?.delaySeconds ?? policy?.delaySeconds ?? 0) * 1_000;
}
