import type { Principal } from './principal.ts';

interface Bucket {
  /** May be below zero: what a large batch took in advance. */
  tokens: number;
  filledAt: number;
}

const BURST_SECONDS = 2;
const MOST_BUCKETS = 20_000;
/** Each sign-in is a row of the audit log, which nobody can take out again. A link may go to a full hall. */
const SIGN_INS_PER_SECOND = 20;

/** How often each workspace and each key asks. Buckets hold what two seconds allow; intake and API have their own. */
export class RateLimits {
  /** Monotonic clock, milliseconds. */
  readonly #clock: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Takes one API request. @returns seconds to wait, 0 when it may go on */
  request({ workspace, actor, home }: Principal): number {
    const { requestsPerSecond, keyRequestsPerSecond } = home.limits;
    return (
      this.#take(`key ${workspace} ${actor}`, keyRequestsPerSecond, 1) ||
      this.#take(`requests ${workspace}`, requestsPerSecond, 1)
    );
  }

  /** Takes a batch of events; one of 0 only asks. @returns seconds to wait, 0 when it may go on */
  events({ workspace, home }: Principal, count: number): number {
    return this.#take(`events ${workspace}`, home.limits.eventsPerSecond, count);
  }

  /** Takes one session that a key, a person or a link begins. @returns seconds to wait, 0 when it may go on */
  signIn(workspace: string, actor: string): number {
    return this.#take(`sign-in ${workspace} ${actor}`, SIGN_INS_PER_SECOND, 1);
  }

  #take(name: string, perSecond: number | null, cost: number): number {
    if (perSecond === null) return 0;
    const now = this.#clock();
    const bucket = this.#bucket(name, perSecond, now);
    const filled = bucket.tokens + ((now - bucket.filledAt) / 1000) * perSecond;
    bucket.tokens = Math.min(perSecond * BURST_SECONDS, filled);
    bucket.filledAt = now;
    if (bucket.tokens <= 0) return Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond));
    bucket.tokens -= cost;
    return 0;
  }

  #bucket(name: string, perSecond: number, now: number): Bucket {
    const known = this.#buckets.get(name);
    if (known) return known;
    if (this.#buckets.size >= MOST_BUCKETS) this.#buckets.clear();
    const made = { tokens: perSecond * BURST_SECONDS, filledAt: now };
    this.#buckets.set(name, made);
    return made;
  }
}
