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
/** Each is a line of the log. */
const PAGE_FAULTS_PER_SECOND = 1;
/** Share of a burst of live connections or messages that comes back each second. */
const LIVE_PER_SECOND = 0.1;
/** Messages at once for each live connection that a key, login or link may have. */
const MESSAGES_PER_CONNECTION = 2;
/** One page may follow a hundred campaigns, and come back with all of them. */
const SMALLEST_MESSAGE_BURST = 300;

/** How often each workspace and each key asks. Buckets hold what two seconds allow; intake and API have their own. */
export class RateLimits {
  /** A clock that only goes forward, milliseconds. */
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

  /** Takes one report of a fault of the page. @returns seconds to wait, 0 when it may go on */
  pageFault(workspace: string, actor: string): number {
    return this.#take(`page-fault ${workspace} ${actor}`, PAGE_FAULTS_PER_SECOND, 1);
  }

  /**
   * Takes one live connection: all that a key, login or link may have may begin at once, as they do after a restart.
   * @param most how many it may have
   * @returns seconds to wait, 0 when it may go on
   */
  liveConnection({ workspace, actor }: Principal, most: number): number {
    return this.#take(`live ${workspace} ${actor}`, most * LIVE_PER_SECOND, 1, most);
  }

  /** Takes one ticket, which is a row of the store. @returns seconds to wait, 0 when it may go on */
  liveTicket({ workspace, actor }: Principal, most: number): number {
    return this.#take(`ticket ${workspace} ${actor}`, most * LIVE_PER_SECOND, 1, most);
  }

  /**
   * Takes messages of a live connection: each may ask for a whole report.
   * @param most live connections that its key, login or link may have
   * @param count 0 only asks
   * @returns seconds to wait, 0 when it may go on
   */
  liveMessages({ workspace, actor }: Principal, most: number, count: number): number {
    const burst = Math.max(SMALLEST_MESSAGE_BURST, most * MESSAGES_PER_CONNECTION);
    return this.#take(`message ${workspace} ${actor}`, burst * LIVE_PER_SECOND, count, burst);
  }

  #take(name: string, perSecond: number | null, cost: number, burst = (perSecond ?? 0) * BURST_SECONDS): number {
    if (perSecond === null) return 0;
    const now = this.#clock();
    const bucket = this.#bucket(name, burst, now);
    const filled = bucket.tokens + ((now - bucket.filledAt) / 1000) * perSecond;
    bucket.tokens = Math.min(burst, filled);
    bucket.filledAt = now;
    if (bucket.tokens <= 0) return Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond));
    bucket.tokens -= cost;
    return 0;
  }

  #bucket(name: string, burst: number, now: number): Bucket {
    const known = this.#buckets.get(name);
    if (known) return known;
    if (this.#buckets.size >= MOST_BUCKETS) this.#buckets.clear();
    const made = { tokens: burst, filledAt: now };
    this.#buckets.set(name, made);
    return made;
  }
}
