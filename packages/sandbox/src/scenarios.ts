import type { LeadVerdict } from '@ringside/protocol';
import type { HangupCode } from './hangup-causes.ts';

/** How often each of several codes comes, relative to the others. */
export type CodeWeights = Readonly<Partial<Record<HangupCode, number>>>;

/** A number that calls are placed from. */
export interface Caller {
  /** E.164. */
  readonly number: string;
  /** What it does to the answer rate: 1 leaves it, 0.5 halves it. */
  readonly answerFactor: number;
}

/** What a campaign is like. Shares and probabilities lie between 0 and 1. */
export interface Scenario {
  /** Name of the campaign that people see. */
  readonly title: string;
  readonly contacts: number;
  /** Calls in progress at once. */
  readonly concurrency: number;
  readonly callsPerSecond: number;
  readonly retry: { readonly maxAttempts: number; readonly delaySeconds: number };
  /** Longest call that the dialer allows; it ends with code 6000 there. */
  readonly maxCallSeconds: number;
  /** Probability that a first attempt is picked up, at the start and at the end of the list. */
  readonly answerRate: { readonly first: number; readonly last: number };
  /** What each further attempt multiplies that probability by: who did not answer once answers less. */
  readonly retryFactor: number;
  /** Share of answered calls that a machine takes, and share of those that detection hangs up (code 9100). */
  readonly machine: { readonly share: number; readonly hungUp: number };
  /** Share of human answers that hang up within 6 seconds. */
  readonly shortCalls: number;
  /** Log-normal talk time of the others. */
  readonly talk: { readonly medianSeconds: number; readonly sigma: number };
  /** How the calls end that nobody answers. */
  readonly unanswered: CodeWeights;
  /** Share of contacts whose number cannot be called at all, and the code that each attempt on it ends with. */
  readonly badNumbers: { readonly share: number; readonly codes: CodeWeights };
  /** A stretch of the list, from one share of it to another, in which the carrier fails a share of the calls. */
  readonly trouble?: {
    readonly from: number;
    readonly to: number;
    readonly share: number;
    readonly codes: CodeWeights;
  };
  readonly callers: readonly Caller[];
  /** Share of completed calls that the voice bot judges, how it judges them, and how often before the hangup. */
  readonly lead: {
    readonly judged: number;
    readonly beforeHangup: number;
    readonly mix: Readonly<Record<LeadVerdict, number>>;
  };
}

const usual = {
  callsPerSecond: 2,
  retry: { maxAttempts: 3, delaySeconds: 600 },
  maxCallSeconds: 600,
  retryFactor: 0.75,
  machine: { share: 0.08, hungUp: 0.7 },
  shortCalls: 0.07,
  talk: { medianSeconds: 58, sigma: 0.6 },
  unanswered: { 3000: 34, 6010: 22, 3010: 18, 3020: 14, 2010: 4, 3080: 2, 5010: 1, 3130: 2, 1000: 1 },
  badNumbers: { share: 0.03, codes: { 2000: 4, 3050: 2, 2010: 2 } },
  callers: [
    { number: '+918035735601', answerFactor: 1 },
    { number: '+918035735602', answerFactor: 1 },
  ],
  lead: { judged: 0.9, beforeHangup: 0.15, mix: { hot: 18, warm: 34, cold: 48 } },
} as const;

/** The scenarios that have a name. Each differs from the usual in what its name says. */
export const scenarios = {
  steady: {
    ...usual,
    title: 'Diwali offer',
    contacts: 600,
    concurrency: 20,
    answerRate: { first: 0.46, last: 0.4 },
  },
  evening: {
    ...usual,
    title: 'Evening renewals',
    contacts: 900,
    concurrency: 30,
    // People sit down to dinner and stop answering; one of the caller ids has been reported as spam as well.
    answerRate: { first: 0.58, last: 0.28 },
    callers: [
      { number: '+918035735611', answerFactor: 1.05 },
      { number: '+918035735612', answerFactor: 1 },
      { number: '+918035735613', answerFactor: 0.45 },
    ],
  },
  'voicemail-heavy': {
    ...usual,
    title: 'Clinic reminders',
    contacts: 400,
    concurrency: 15,
    answerRate: { first: 0.62, last: 0.6 },
    machine: { share: 0.45, hungUp: 0.6 },
    talk: { medianSeconds: 34, sigma: 0.45 },
    lead: { judged: 0.8, beforeHangup: 0.1, mix: { hot: 8, warm: 30, cold: 62 } },
  },
  'carrier-trouble': {
    ...usual,
    title: 'Festival survey',
    contacts: 500,
    concurrency: 20,
    answerRate: { first: 0.44, last: 0.42 },
    trouble: { from: 0.35, to: 0.7, share: 0.55, codes: { 3080: 5, 3090: 3, 5010: 2, 5030: 3 } },
    badNumbers: { share: 0.08, codes: { 2000: 5, 3050: 3, 2010: 2 } },
  },
  'small-list': {
    ...usual,
    title: 'Call-backs',
    contacts: 40,
    concurrency: 4,
    callsPerSecond: 1,
    retry: { maxAttempts: 2, delaySeconds: 120 },
    answerRate: { first: 0.7, last: 0.7 },
    talk: { medianSeconds: 110, sigma: 0.7 },
    lead: { judged: 1, beforeHangup: 0.2, mix: { hot: 40, warm: 40, cold: 20 } },
  },
} as const satisfies Record<string, Scenario>;

/** Name of a ready-made scenario. */
export type ScenarioName = keyof typeof scenarios;

export const scenarioNames = Object.keys(scenarios) as readonly ScenarioName[];

export function isScenarioName(name: string): name is ScenarioName {
  return Object.hasOwn(scenarios, name);
}
