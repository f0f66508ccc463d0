import type { Interval } from '../active-time.ts';
import { lengthOf } from '../active-time.ts';
import { type Chance, chancesOf } from './answers.ts';
import { type Handling, handlingOf, weightsOf } from './handling.ts';
import { afterOpen, openBetween } from './hours.ts';
import { type Pace, paceOf } from './pace.ts';
import { type RetryPlan, retryPlanOf, type WaitingContacts } from './policy.ts';
import type { ForecastInput } from './types.ts';

/** Contacts alike that wait for another attempt. */
export interface Waiting {
  /** Seconds of active time from now; negative when it is overdue. */
  readonly due: number;
  /** Attempts that ended. */
  readonly attempts: number;
  readonly contacts: number;
}

/** Live calls alike. */
export interface Live {
  /** Seconds since their start; `null`: not known. */
  readonly age: number | null;
  readonly attempt: number;
  readonly calls: number;
}

/** What every simulated run starts from. Times are seconds of active time from now. */
export interface Plan {
  readonly fresh: number;
  readonly waiting: readonly Waiting[];
  /** Those who wait too if one attempt more is allowed than was seen. */
  readonly maybe: readonly Waiting[];
  readonly live: readonly Live[];
  readonly retry: RetryPlan;
  /** The list is called through before any retry. */
  readonly isFreshFirst: boolean;
  readonly handling: Handling;
  /** By attempt number; one more than the policy allows. */
  readonly chances: readonly Chance[];
  readonly pace: Pace;
  /** Active seconds behind us. */
  readonly elapsed: number;
  readonly now: number;
  readonly closed: readonly Interval[];
}

const MOST_WAITING = 64;
const MOST_LIVE = 48;
/** A live call several times as long as any that ended has most likely lost its end: nothing waits for it. */
const LOST = { least: 600, times: 3 } as const;

export function planOf(input: ForecastInput): Plan {
  const isWhole = input.sample.length === input.ended;
  const ages = input.live.calls.map(({ startedAt }) => (input.now - startedAt) / 1_000);
  const weights = weightsOf(input.sample, isWhole ? ages : []);
  const handling = handlingOf(input.sample, weights);
  const pace = paceOf(input, handling);
  const retry = retryPlanOf(input);
  const all = waitingOf(input, retry.waiting);
  const overdue = all.filter(({ due }) => due <= 0).reduce((sum, { contacts }) => sum + contacts, 0);
  const isFreshFirst = input.notStarted > 0 && overdue > 2 * pace.lines + 3;
  const unseen = unseenOf(pace.unseen, isFreshFirst ? 0 : overdue, input.notStarted);
  return {
    fresh: input.notStarted - unseen.fresh,
    waiting: coarse(without(all, unseen.overdue)),
    maybe: coarse(waitingOf(input, retry.maybe)),
    live: liveOf(input, unseen.fresh + unseen.overdue, Math.max(LOST.least, LOST.times * (handling.any.at(-1) ?? 0))),
    retry,
    isFreshFirst,
    handling,
    chances: chancesOf(input.sample, weights, retry.maxAttempts + 1),
    pace,
    elapsed: lengthOf(input.active) / 1_000,
    now: input.now,
    closed: input.closed.filter(({ to }) => to > input.now),
  };
}

/** Calls that are live without anybody having said so are made to contacts that seem to wait for theirs. */
function unseenOf(calls: number, overdue: number, fresh: number): { overdue: number; fresh: number } {
  const retries = Math.min(calls, overdue);
  return { overdue: retries, fresh: Math.min(calls - retries, fresh) };
}

/** Without the `contacts` that are due first. */
function without(waiting: readonly Waiting[], contacts: number): Waiting[] {
  let left = contacts;
  return waiting.flatMap((entry) => {
    const taken = Math.min(left, entry.contacts);
    left -= taken;
    return taken < entry.contacts ? [{ ...entry, contacts: entry.contacts - taken }] : [];
  });
}

function waitingOf({ now, closed }: ForecastInput, waiting: readonly WaitingContacts[]): Waiting[] {
  return waiting
    .map(({ attempts, contacts, dueAt }) => ({
      due: dueAt <= now ? (dueAt - now) / 1_000 : openBetween(now, dueAt, closed) / 1_000,
      attempts,
      contacts,
    }))
    .sort((a, b) => a.due - b.due || a.attempts - b.attempts);
}

/** Joins neighbours of equal attempts until few enough are left; each keeps the latest time of its parts. */
function coarse(waiting: readonly Waiting[]): Waiting[] {
  const span = (waiting.at(-1)?.due ?? 0) - (waiting[0]?.due ?? 0);
  const width = waiting.length > MOST_WAITING ? span / MOST_WAITING : 0;
  const joined = new Map<string, Waiting>();
  for (const entry of waiting) {
    const key = `${entry.attempts} ${width > 0 ? Math.ceil(entry.due / width) : entry.due}`;
    const known = joined.get(key);
    joined.set(key, { ...entry, contacts: entry.contacts + (known?.contacts ?? 0) });
  }
  return [...joined.values()].sort((a, b) => a.due - b.due);
}

/**
 * Beyond {@link MOST_LIVE} some calls stand for several.
 * @param lostAfter seconds after which a call without an end is not waited for
 */
function liveOf(input: ForecastInput, unseen: number, lostAfter: number): Live[] {
  const { live, now } = input;
  const all = [...live.calls].sort((a, b) => a.startedAt - b.startedAt).slice(0, live.count);
  const known = all.filter(({ startedAt }) => now - startedAt <= lostAfter * 1_000);
  const count = live.count - (all.length - known.length) + unseen;
  const shown = Math.min(MOST_LIVE, count);
  return Array.from({ length: shown }, (_, index) => {
    const calls = Math.floor(((index + 1) * count) / shown) - Math.floor((index * count) / shown);
    const call = known[Math.floor((index * count) / shown)];
    const age = call ? Math.max(0, now - call.startedAt) / 1_000 : null;
    return { age, attempt: call?.attempt ?? 1, calls };
  });
}

/** When a contact missed at `endedAt` is due again, both in active seconds from now: delays pass in closed hours too. */
export function retryDue({ closed, now, retry }: Plan, endedAt: number): number {
  if (closed.length === 0) return endedAt + retry.delay;
  const dueAt = afterOpen(now, endedAt * 1_000, closed) + retry.delay * 1_000;
  return openBetween(now, dueAt, closed) / 1_000;
}
