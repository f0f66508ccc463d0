import type { ForecastInput, OpenContacts, SampleCall } from './types.ts';

/** When contacts that were not reached are called again, as declared or as seen. */
export interface RetryPlan {
  readonly maxAttempts: number;
  readonly delay: number;
  /** Chance that one attempt more is allowed than was seen so far. */
  readonly oneMore: number;
  readonly source: 'declared' | 'announced' | 'seen' | 'none';
  /** Contacts that are called again if that is so. */
  readonly maybe: readonly WaitingContacts[];
  /** Contacts that will be called again, with the moment (epoch milliseconds) at which that falls due. */
  readonly waiting: readonly WaitingContacts[];
}

export interface WaitingContacts {
  readonly attempts: number;
  readonly contacts: number;
  readonly dueAt: number;
}

/** Misses at the last attempt that must have stayed without another before it is believed to be the last. */
const ENOUGH_FINAL_MISSES = 4;
const ONE_MORE = 0.4;
/** More than anybody would put up with; it bounds the cost. */
const MOST_ATTEMPTS = 50;
/** Where nobody said anything about retries and none was seen: how likely there are some, and after how long. */
const UNTOLD = { chance: 0.2, delay: 1_800 } as const;

/** Reads the retry policy from what is declared, else from what ends announce, else from attempts seen. */
export function retryPlanOf(input: ForecastInput): RetryPlan {
  const { retry, sample } = input;
  if (retry !== null) {
    const delay = Math.max(0, retry.delaySeconds);
    const maxAttempts = Math.min(MOST_ATTEMPTS, Math.max(1, Math.floor(retry.maxAttempts)));
    const waiting = waitingOf(input.open, delay, maxAttempts, 0);
    return { maxAttempts, delay, oneMore: 0, source: 'declared', maybe: [], waiting };
  }
  const announced = sample.map(({ announcedMs }) => announcedMs).filter((ms) => ms !== null);
  if (announced.length > 0) return announcedPlan(input, announced);
  const waited = sample.map(({ waitedMs }) => waitedMs).filter((ms) => ms !== null);
  if (waited.length > 0) return seenPlan(input, waited);
  return untoldPlan(input);
}

function untoldPlan({ open }: ForecastInput): RetryPlan {
  const waiting = waitingOf(open, 0, 0, 0);
  const maxAttempts = Math.max(1, ...waiting.map(({ attempts }) => attempts + 1));
  const source = waiting.length > 0 ? 'announced' : 'none';
  const maybe = waitingOf(open, UNTOLD.delay, maxAttempts + 1, 0).filter((entry) => entry.attempts === maxAttempts);
  return { maxAttempts, delay: UNTOLD.delay, oneMore: UNTOLD.chance, source, maybe, waiting };
}

function announcedPlan(input: ForecastInput, announced: number[]): RetryPlan {
  const { sample, open } = input;
  const attempt = (call: SampleCall): number => call.attempt ?? 1;
  const waiting = waitingOf(open, 0, 0, 0);
  const again = sample.filter(({ announcedMs }) => announcedMs !== null).map((call) => attempt(call) + 1);
  const maxAttempts = Math.max(...again, ...waiting.map(({ attempts }) => attempts + 1));
  const final = sample.filter((call) => !call.reached && call.announcedMs === null && attempt(call) >= maxAttempts);
  const oneMore = final.length >= ENOUGH_FINAL_MISSES ? 0 : ONE_MORE;
  return { maxAttempts, delay: quantile(announced, 0.5), oneMore, source: 'announced', maybe: [], waiting };
}

/** Nobody says when a contact is called again: those that waited twice as long as others did are given up. */
function seenPlan(input: ForecastInput, waited: number[]): RetryPlan {
  const { sample, open, now } = input;
  const delay = quantile(waited, 0.25);
  const patience = 2 * quantile(waited, 0.9) * 1_000 + 120_000;
  const maxAttempts = Math.max(...sample.map((call) => call.attempt ?? 1), 2);
  const waiting = waitingOf(open, delay, maxAttempts, now - patience);
  const old = sample.filter((call) => !call.reached && (call.attempt ?? 1) >= maxAttempts);
  const final = old.filter((call) => call.endedAt < now - patience);
  const oneMore = final.length >= ENOUGH_FINAL_MISSES ? 0 : ONE_MORE;
  const maybe = waitingOf(open, delay, maxAttempts + 1, now - patience);
  return {
    maxAttempts,
    delay,
    oneMore,
    source: 'seen',
    maybe: maybe.filter((entry) => entry.attempts === maxAttempts),
    waiting,
  };
}

/** @param maxAttempts contacts without an announcement wait only below as many. @param since and if they ended later */
function waitingOf(
  open: readonly OpenContacts[],
  delay: number,
  maxAttempts: number,
  since: number,
): WaitingContacts[] {
  return open
    .filter(({ attempts, dueAt, endedAt }) => dueAt !== null || (attempts < maxAttempts && endedAt >= since))
    .map(({ attempts, contacts, dueAt, endedAt }) => ({
      attempts,
      contacts,
      dueAt: dueAt ?? endedAt + delay * 1_000,
    }));
}

/** @returns seconds */
function quantile(milliseconds: readonly number[], share: number): number {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) / 1_000;
}
