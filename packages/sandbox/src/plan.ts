import type { Outcome } from '@ringside/protocol';
import { type HangupCode, hangupCauses } from './hangup-causes.ts';
import { type Judgement, judge } from './leads.ts';
import { between, chance, logNormal, pick, type Random, seededRandom, seededUuid } from './random.ts';
import type { Caller, CodeWeights, Scenario } from './scenarios.ts';

/** What decides every call of a campaign before the first is placed. */
export interface PlanKey {
  /** Two campaigns with one seed and one scenario have the same calls, under other ids if their campaign ids differ. */
  readonly seed: string;
  readonly campaignId: string;
  readonly scenario: Scenario;
}

/** One call as it will happen. All `…Ms` count milliseconds from the placing of the call, at speed 1. */
export interface CallPlan {
  readonly callUuid: string;
  /** Position on the list, from 0. */
  readonly contact: number;
  /** From 1. */
  readonly attempt: number;
  /** E.164. */
  readonly number: string;
  /** E.164. */
  readonly caller: string;
  /** When Plivo opens the session. Fractions of a millisecond are real: SessionStart shows microseconds. */
  readonly sessionMs: number;
  /** `null`: the call fails before it rings. */
  readonly ringMs: number | null;
  /** `null`: nobody answers. */
  readonly answerMs: number | null;
  readonly endMs: number;
  readonly code: HangupCode;
  readonly answeredBy: 'human' | 'machine' | null;
  /** Machine detection's verdict; it comes for machines only. */
  readonly machine: { readonly atMs: number; readonly action: 'hangup' | 'continue' } | null;
  /** The voice bot's verdict, which may come before the end of the call. */
  readonly lead: (Judgement & { readonly atMs: number }) | null;
}

/** What happens after the placing of a call. */
type Course = Pick<
  CallPlan,
  'sessionMs' | 'ringMs' | 'answerMs' | 'endMs' | 'code' | 'answeredBy' | 'machine' | 'lead'
>;

/** The call that this attempt on this contact will be: a pure function, so it can be asked in any order. */
export function planCall(key: PlanKey, contact: number, attempt: number): CallPlan {
  const random = seededRandom(key.seed, contact, attempt);
  const caller = pick(
    random,
    key.scenario.callers.map((one) => [one, 1] as const),
  );
  return {
    callUuid: seededUuid(key.campaignId, key.seed, contact, attempt),
    contact,
    attempt,
    number: contactNumber(key, contact),
    caller: caller.number,
    ...courseOf(key, { contact, attempt, caller }, random),
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
  return answeredBy === 'machine' ? 'machine' : hangupCauses[code].outcome;
}

/** Whether the dialer tries the contact again: until a person was reached, as often as the policy allows. */
export function isRetried(plan: CallPlan, maxAttempts: number): boolean {
  return outcomeOf(plan) !== 'completed' && plan.attempt < maxAttempts;
}

interface Attempt {
  readonly contact: number;
  readonly attempt: number;
  readonly caller: Caller;
}

function courseOf(key: PlanKey, attempt: Attempt, random: Random): Course {
  const { scenario } = key;
  const bad = badNumberCode(key, attempt.contact);
  if (bad !== null) return unansweredCourse(random, bad);
  const through = attempt.contact / scenario.contacts;
  const { trouble } = scenario;
  if (trouble && through >= trouble.from && through < trouble.to && chance(random, trouble.share)) {
    return unansweredCourse(random, pickCode(random, trouble.codes));
  }
  if (!chance(random, answerProbability(scenario, attempt, through))) {
    return unansweredCourse(random, pickCode(random, scenario.unanswered));
  }
  return chance(random, scenario.machine.share) ? machineCourse(random, scenario) : humanCourse(random, scenario);
}

/** A bad number stays bad: its code belongs to the contact, not to the attempt. */
function badNumberCode(key: PlanKey, contact: number): HangupCode | null {
  const random = seededRandom(key.seed, 'contact', contact);
  const { share, codes } = key.scenario.badNumbers;
  return chance(random, share) ? pickCode(random, codes) : null;
}

function answerProbability(scenario: Scenario, { attempt, caller }: Attempt, through: number): number {
  const { first, last } = scenario.answerRate;
  return (first + (last - first) * through) * scenario.retryFactor ** (attempt - 1) * caller.answerFactor;
}

function unansweredCourse(random: Random, code: HangupCode): Course {
  const { seconds, rings } = hangupCauses[code];
  const ringMs = rings ? between(random, 900, 1_900) : null;
  const endMs = between(random, seconds[0], seconds[1]) * 1_000;
  const sessionMs = between(random, 0, Math.min(ringMs ?? endMs, 2_000));
  return { sessionMs, ringMs, answerMs: null, endMs, code, answeredBy: null, machine: null, lead: null };
}

function humanCourse(random: Random, scenario: Scenario): Course {
  const short = chance(random, scenario.shortCalls);
  const { medianSeconds, sigma } = scenario.talk;
  const wanted = short ? between(random, 1, 5.5) : Math.max(7, logNormal(random, medianSeconds, sigma));
  const talkSeconds = Math.min(wanted, scenario.maxCallSeconds);
  const calleeHungUp = short || chance(random, 0.6);
  const code = wanted > talkSeconds ? 6000 : calleeHungUp ? 4000 : 4010;
  const { sessionMs, ringMs, answerMs } = pickedUp(random, 11);
  const endMs = answerMs + talkSeconds * 1_000;
  const judgement = judge(random, scenario.lead, talkSeconds);
  const early = chance(random, scenario.lead.beforeHangup);
  const atMs = early ? between(random, answerMs, endMs) : endMs + between(random, 800, 6_000);
  const lead = judgement && { ...judgement, atMs };
  return { sessionMs, ringMs, answerMs, endMs, code, answeredBy: 'human', machine: null, lead };
}

function machineCourse(random: Random, scenario: Scenario): Course {
  const { sessionMs, ringMs, answerMs } = pickedUp(random, 21);
  const action = chance(random, scenario.machine.hungUp) ? 'hangup' : 'continue';
  const atMs = answerMs + between(random, 2_400, 4_800);
  // Either detection ends the call at once, or the message is spoken to the end of the answer document.
  const endMs = atMs + (action === 'hangup' ? between(random, 150, 700) : between(random, 14_000, 32_000));
  const code = action === 'hangup' ? 9100 : 4010;
  return { sessionMs, ringMs, answerMs, endMs, code, answeredBy: 'machine', machine: { atMs, action }, lead: null };
}

function pickedUp(random: Random, medianRingSeconds: number): { sessionMs: number; ringMs: number; answerMs: number } {
  const ringMs = between(random, 900, 3_200);
  const sessionMs = between(random, 0, Math.min(ringMs, 2_000));
  // A ring timeout of 45 s is what code 6010 stands for, so nobody picks up later than that.
  const ringSeconds = Math.min(44, Math.max(2, logNormal(random, medianRingSeconds, 0.45)));
  return { sessionMs, ringMs, answerMs: ringMs + ringSeconds * 1_000 };
}

function pickCode(random: Random, weights: CodeWeights): HangupCode {
  const choices = Object.entries(weights).map(([code, weight]) => [Number(code) as HangupCode, weight] as const);
  return pick(random, choices);
}
