import { type HangupCode, hangupCauses } from './hangup-causes.ts';
import { type Judgement, judge } from './leads.ts';
import { between, chance, logNormal, pick, type Random, seededRandom } from './random.ts';
import type { CodeWeights, Scenario } from './scenarios.ts';

/** What happens after the placing of a call. All `…Ms` count milliseconds from there, at speed 1. */
export interface Course {
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

/** Who is called, as far as the course of the call depends on it. */
export interface Callee {
  readonly seed: string;
  /** The place on the list, or the number: what makes a contact this one. */
  readonly contact: number | string;
  /** From 1. */
  readonly attempt: number;
  /** Share of the list that comes before the contact, 0 to 1. */
  readonly through: number;
  /** What the caller id does to the answer rate. */
  readonly answerFactor: number;
}

/** The course of a call: a pure function, as `random` must be one of the callee. */
export function courseOf(scenario: Scenario, callee: Callee, random: Random): Course {
  const bad = badNumberCode(scenario, callee);
  if (bad !== null) return unansweredCourse(random, bad);
  const { through } = callee;
  const { trouble } = scenario;
  if (trouble && through >= trouble.from && through < trouble.to && chance(random, trouble.share)) {
    return unansweredCourse(random, pickCode(random, trouble.codes));
  }
  if (!chance(random, answerProbability(scenario, callee))) {
    return unansweredCourse(random, pickCode(random, scenario.unanswered));
  }
  return chance(random, scenario.machine.share) ? machineCourse(random, scenario) : humanCourse(random, scenario);
}

/** The course of a call that fails as soon as it is placed. */
export function failedAtOnce(code: HangupCode): Course {
  return { ...noAnswer, sessionMs: 0, ringMs: null, endMs: 0, code };
}

const noAnswer = { answerMs: null, answeredBy: null, machine: null, lead: null };

/** A bad number stays bad: its code belongs to the contact, not to the attempt. */
function badNumberCode({ badNumbers }: Scenario, { seed, contact }: Callee): HangupCode | null {
  const random = seededRandom(seed, 'contact', contact);
  return chance(random, badNumbers.share) ? pickCode(random, badNumbers.codes) : null;
}

function answerProbability({ answerRate, retryFactor }: Scenario, { attempt, through, answerFactor }: Callee): number {
  const { first, last } = answerRate;
  return (first + (last - first) * through) * retryFactor ** (attempt - 1) * answerFactor;
}

function unansweredCourse(random: Random, code: HangupCode): Course {
  const { seconds, rings } = hangupCauses[code];
  const ringMs = rings ? between(random, 900, 1_900) : null;
  const endMs = between(random, seconds[0], seconds[1]) * 1_000;
  const sessionMs = between(random, 0, Math.min(ringMs ?? endMs, 2_000));
  return { ...noAnswer, sessionMs, ringMs, endMs, code };
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
