import type { Outcome } from '@ringside/protocol';
import { type Course, courseOf } from './course.ts';
import { hangupCauses } from './hangup-causes.ts';
import { pick, seededRandom, seededUuid } from './random.ts';
import type { Scenario } from './scenarios.ts';

/** What decides every call of a campaign before the first is placed. */
export interface PlanKey {
  /** Two campaigns with one seed and one scenario have the same calls, under other ids if their campaign ids differ. */
  readonly seed: string;
  readonly campaignId: string;
  readonly scenario: Scenario;
}

/** One call as it will happen. */
export interface CallPlan extends Course {
  readonly callUuid: string;
  /** Position on the list, from 0. */
  readonly contact: number;
  /** From 1. */
  readonly attempt: number;
  /** E.164. */
  readonly number: string;
  /** E.164. */
  readonly caller: string;
}

/** The call that this attempt on this contact will be: a pure function, so it can be asked in any order. */
export function planCall(key: PlanKey, contact: number, attempt: number): CallPlan {
  const { seed, scenario } = key;
  const random = seededRandom(seed, contact, attempt);
  const caller = pick(
    random,
    scenario.callers.map((one) => [one, 1] as const),
  );
  const through = contact / scenario.contacts;
  return {
    callUuid: seededUuid(key.campaignId, seed, contact, attempt),
    contact,
    attempt,
    number: contactNumber(key, contact),
    caller: caller.number,
    ...courseOf(scenario, { seed, contact, attempt, through, answerFactor: caller.answerFactor }, random),
  };
}

/** A contact's number, in E.164. No two contacts of a campaign share one. */
export function contactNumber(key: PlanKey, contact: number): string {
  const offset = Math.floor(seededRandom(key.seed, 'numbers')() * 1e9);
  // 7919 shares no factor with 10^9, so the first billion contacts get as many numbers.
  return `+919${String((offset + contact * 7919) % 1e9).padStart(9, '0')}`;
}

/** How the call ends. A machine that was left a message ends with the code of any completed call. */
export function outcomeOf({ code, answeredBy }: Pick<CallPlan, 'code' | 'answeredBy'>): Outcome {
  const { outcome } = hangupCauses[code];
  return answeredBy === 'machine' && outcome === 'completed' ? 'machine' : outcome;
}

/** Whether the dialer tries the contact again: until a person was reached, as often as the policy allows. */
export function isRetried(plan: CallPlan, maxAttempts: number): boolean {
  return outcomeOf(plan) !== 'completed' && plan.attempt < maxAttempts;
}
