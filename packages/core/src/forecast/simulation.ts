import type { Handling } from './handling.ts';
import { Lines } from './lines.ts';
import { type Plan, retryDue } from './plan.ts';
import { evenly, normalQuantile, Random } from './random.ts';
import { type Residual, residualAt, residualOfAny } from './residual.ts';
import { RetryQueue } from './retry-queue.ts';

/** How one simulated run of the rest of the campaign went. */
export interface Outcome {
  /** Active seconds from now to the last end. */
  readonly seconds: number;
  /** Attempts that were still started. */
  readonly starts: number;
  /** It allowed one attempt more than was seen so far. */
  readonly oneMore: boolean;
}

/** Number of runs; their seeds never change, so neighbouring forecasts see the same luck. */
export const RUNS = 80;

/** Deviation of log pace that is there from the start, and that grows with the way ahead relative to the way behind. */
const LEVEL_DRIFT = 0.02;
const WALK_DRIFT = 0.12;
/** Large remainders are worked off in about as many steps. */
const BULK_STEPS = 48;
const LEAST_BULK = 8;
/** The last calls are run one by one. */
const TAIL = { least: 24, most: 96, perLine: 3 } as const;
/** With more lines than this, single lines do not matter and only the spacing of starts does. */
const MOST_LINES = 48;
/** Calls of unknown age that stand for several are drawn at most so often; the longest of all is what matters. */
const MOST_DRAWN = 4;

/** Runs the rest of the campaign forward, {@link RUNS} times. */
export function simulate(plan: Plan): Outcome[] {
  const queue = new RetryQueue();
  return Array.from({ length: RUNS }, (_, index) => {
    queue.clear();
    return new Run(plan, index, queue).finish();
  });
}

class Run {
  private readonly plan: Plan;
  private readonly handling: Handling;
  private readonly random: Random;
  private readonly queue: RetryQueue;
  private readonly chances: readonly number[];
  private readonly maxAttempts: number;
  private readonly oneMore: boolean;
  /** Ends of the calls that are live now. */
  private readonly liveEnds: number[] = [];
  private readonly busyLines: number;
  private readonly rate: number;
  private readonly lengthFactor: number;
  private readonly drift: number;
  private fresh: number;
  /** Calls started in one bulk step. */
  private step = LEAST_BULK;
  private time = 0;
  private end = 0;
  private starts = 0;

  constructor(plan: Plan, index: number, queue: RetryQueue) {
    const { pace, handling, retry } = plan;
    const random = new Random(index);
    this.plan = plan;
    this.queue = queue;
    this.handling = handling;
    this.random = random;
    this.fresh = plan.fresh;
    this.oneMore = random.next() < retry.oneMore;
    this.maxAttempts = retry.maxAttempts + Number(this.oneMore);
    this.chances = plan.chances.map(({ a, b }) => random.beta(a, b));
    const paceFactor = Math.exp(pace.error * random.normal() + LEVEL_DRIFT * random.normal());
    this.lengthFactor = Math.exp(handling.error * random.normal());
    this.busyLines = Math.max(0.05, pace.busyLines * paceFactor);
    this.rate = pace.rate * paceFactor;
    this.drift = normalQuantile(evenly(index)) * WALK_DRIFT;
  }

  finish(): Outcome {
    const { waiting, maybe } = this.plan;
    for (const { due, attempts, contacts } of waiting) this.queue.push(due, attempts, contacts);
    if (this.oneMore) for (const { due, attempts, contacts } of maybe) this.queue.push(due, attempts, contacts);
    this.endLiveCalls();
    const { lines } = this.plan.pace;
    const tail = Math.min(TAIL.most, Math.max(TAIL.least, TAIL.perLine * lines));
    this.step = Math.max(LEAST_BULK, Math.ceil((this.fresh + this.queue.contacts) / BULK_STEPS));
    let wasBulk = false;
    while (this.fresh + this.queue.contacts > tail) {
      this.bulkStep();
      wasBulk = true;
    }
    this.runTail(wasBulk);
    return { seconds: Math.max(this.end, this.time), starts: this.starts, oneMore: this.oneMore };
  }

  private endLiveCalls(): void {
    for (const { age, attempt, calls } of this.plan.live) {
      const first = this.residual(age);
      const longest = calls === 1 ? first.seconds : this.longestOf(calls, age, first);
      this.liveEnds.push(longest);
      this.end = Math.max(this.end, longest);
      const missed = calls === 1 ? Number(!first.reached) : calls - this.random.binomial(calls, this.chance(attempt));
      this.retry(attempt, missed, first.seconds);
    }
  }

  private residual(age: number | null): Residual {
    return age === null ? residualOfAny(this.handling, this.random) : residualAt(age, this.handling, this.random);
  }

  private longestOf(calls: number, age: number | null, first: Residual): number {
    if (age !== null) return residualAt(age, this.handling, this.random, calls).seconds;
    let longest = first.seconds;
    for (let drawn = 1; drawn < Math.min(calls, MOST_DRAWN); drawn++) {
      longest = Math.max(longest, this.residual(null).seconds);
    }
    return longest;
  }

  /** Starts many calls of one kind at once; time passes as long as they keep the lines busy. */
  private bulkStep(): void {
    const { queue } = this;
    const isDue = queue.nextDue <= this.time;
    if (this.fresh === 0 && !isDue) this.time = queue.nextDue;
    const isFresh = this.fresh > 0 && (this.plan.isFreshFirst || !isDue);
    const attempt = isFresh ? 1 : queue.nextAttempts + 1;
    const calls = isFresh ? Math.min(this.step, this.fresh) : queue.take(this.step);
    if (isFresh) this.fresh -= calls;
    const reached = this.random.binomial(calls, this.chance(attempt));
    const lasted = this.bulkSeconds(calls, reached);
    this.retry(attempt, calls - reached, this.time + lasted / 2 + this.handling.missedMean);
    this.starts += calls;
    this.time += lasted;
  }

  /** By the central limit theorem: the calls' lengths add up to nearly a normal number. */
  private bulkSeconds(calls: number, reached: number): number {
    const { reachedMean, reachedVariance, missedMean, missedVariance } = this.handling;
    const missed = calls - reached;
    const noise = Math.sqrt(reached * reachedVariance + missed * missedVariance) * this.random.normal();
    const busy = Math.max(0.2 * calls, (reached * reachedMean + missed * missedMean + noise) * this.lengthFactor);
    const { isLineBound, lines } = this.plan.pace;
    const seconds = isLineBound ? busy / this.busyLines : Math.max(calls / this.rate, busy / lines);
    return seconds * Math.exp(this.drift * Math.sqrt(Math.min(4, this.time / Math.max(60, this.plan.elapsed))));
  }

  /** The last calls one by one, on lines that fall free one after the other. */
  private runTail(wasBulk: boolean): void {
    const { pace, isFreshFirst } = this.plan;
    const free = this.linesAt(wasBulk);
    const lines = new Lines(free);
    const isSpaced = !pace.isLineBound || free.length === 0;
    const spacing = isSpaced ? this.spacing() : 0;
    const gap = pace.isLineBound ? this.handling.mean * Math.max(0, pace.lines / this.busyLines - 1) : 0;
    let started = this.time - spacing;
    while (this.fresh + this.queue.contacts > 0) {
      const ready = Math.max(lines.earliest, started + spacing);
      const isFresh = this.fresh > 0 && (isFreshFirst || this.queue.nextDue > ready);
      started = isFresh ? ready : Math.max(ready, this.queue.nextDue);
      const attempt = isFresh ? 1 : this.queue.nextAttempts + 1;
      if (isFresh) this.fresh--;
      else this.queue.take(1);
      const ended = started + this.call(attempt, started);
      this.end = Math.max(this.end, ended);
      lines.occupy(ended + gap);
    }
  }

  /** When each line falls free. No lines: there are so many that they do not matter. */
  private linesAt(wasBulk: boolean): number[] {
    const { lines, isLineBound } = this.plan.pace;
    if (!wasBulk) {
      const count = Math.max(lines, this.liveEnds.length);
      if (count > MOST_LINES) return [];
      return Array.from({ length: count }, (_, line) => this.liveEnds[line] ?? 0);
    }
    const busy = Math.round(isLineBound ? this.busyLines : Math.min(lines, this.rate * this.handling.mean));
    const free: number[] = [];
    for (let line = 0; line < Math.min(busy, 2 * MOST_LINES); line++) {
      const ends = this.time + residualOfAny(this.handling, this.random).seconds * this.lengthFactor;
      this.end = Math.max(this.end, ends);
      free.push(ends);
    }
    if (lines > MOST_LINES) return [];
    while (free.length < lines) free.push(this.time);
    return free;
  }

  private spacing(): number {
    const { isLineBound } = this.plan.pace;
    return isLineBound ? this.handling.mean / this.busyLines : 1 / this.rate;
  }

  /** Draws one call, puts its contact back when it is missed. @returns its length */
  private call(attempt: number, started: number): number {
    this.starts++;
    const isReached = this.random.next() < this.chance(attempt);
    const lengths = isReached ? this.handling.reached : this.handling.missed;
    const length = (lengths[Math.floor(this.random.next() * lengths.length)] ?? 0) * this.lengthFactor;
    if (!isReached) this.retry(attempt, 1, started + length);
    return length;
  }

  private chance(attempt: number): number {
    return this.chances[Math.min(attempt, this.chances.length) - 1] ?? 0;
  }

  private retry(attempt: number, contacts: number, endedAt: number): void {
    if (contacts === 0 || attempt >= this.maxAttempts) return;
    this.queue.push(retryDue(this.plan, endedAt), attempt, contacts);
  }
}
