import { type Instant, instantOf } from '../effects.ts';
import type { CampaignRef, Fence } from '../store/among-nodes.ts';
import { StoreIsAway } from '../store/store.ts';
import { AccountGate } from './account-gate.ts';
import { viewOf } from './campaign-view.ts';
import type { AccountParts } from './dialing-parts.ts';
import { Doubts } from './doubts.ts';
import { Feeder } from './feeder.ts';
import { Holds } from './holds.ts';
import { Jobs } from './jobs.ts';
import { Line, lineKey } from './line.ts';
import { LostEnds } from './lost-ends.ts';
import { Sender } from './sender.ts';
import { Settler } from './settler.ts';
import { takeOver } from './take-over.ts';
import { Turns } from './turns.ts';
import { Waker } from './waker.ts';

/** Between two looks at what may start: a faster pace starts several calls at each. */
const SHORTEST_ROUND_MS = 5;
const LONGEST_ROUND_MS = 100;
const AFTER_FAILURE_MS = 500;
const LOOKS_AT_ONCE = 4;
const COMPLAIN_EVERY_MS = 5_000;
/** A clock that is slowed down is not set back. */
const LEAST_SET_BACK_MS = 1_000;
/** What is paused is read again that much less often, if nobody tells that it changed. */
const CLOSED_REFRESH_FACTOR = 4;

/**
 * Dials the campaigns of one provider account, while this node holds its lease. Each round is one synchronous look at what
 * is known; everything that takes time goes on beside it, at most one of a kind for each campaign, and ends with a new round.
 */
export class AccountDialer {
  readonly #parts: AccountParts;
  readonly #lines = new Map<string, Line>();
  /** Keys of the campaigns that this account dials; others have calls under way here at most. */
  #own: ReadonlySet<string> = new Set();
  readonly #turns: Turns;
  readonly #waker = new Waker();
  readonly #stopping = new AbortController();
  readonly #feeder: Feeder;
  readonly #sender: Sender;
  readonly #settler: Settler;
  readonly #doubts: Doubts;
  readonly #lostEnds: LostEnds;
  readonly #holds: Holds;
  #running: Promise<void> = Promise.resolve();
  #complainedAt = Number.NEGATIVE_INFINITY;
  /** Of the last round. */
  #lookedAt: Instant | null = null;
  /** Of the ownership that was taken over; `undefined` without one. */
  #fence: Fence['token'] | null | undefined = undefined;

  constructor(parts: Omit<AccountParts, 'gate' | 'jobs' | 'stopping' | 'busy'>) {
    const jobs = new Jobs(this.#waker.wake, (error, name) => this.#failed(error, name));
    const gate = new AccountGate(parts.settings);
    this.#parts = { ...parts, gate, jobs, stopping: this.#stopping.signal, busy: () => this.#busy };
    this.#turns = new Turns(parts.limits().callsPerSecond);
    this.#feeder = new Feeder(this.#parts);
    this.#sender = new Sender(this.#parts);
    this.#settler = new Settler(this.#parts);
    this.#doubts = new Doubts(this.#parts);
    this.#lostEnds = new LostEnds(this.#parts);
    this.#holds = new Holds(this.#parts);
  }

  start(): void {
    this.#running = this.#loop();
  }

  /** Sends nothing more, waits for what is under way, and puts back what was not sent. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#waker.wake();
    await this.#running;
    await this.#sender.finish(this.#parts.settings.stopWithinMs);
    await this.#parts.jobs.idle();
    if (!this.#parts.owner.isMine) return;
    for (const line of this.#lines.values()) {
      await this.#feeder.giveBack(line).catch((error: unknown) => this.#failed(error, 'give back'));
    }
  }

  /** The campaigns to look after; one that is not among them any more is kept while it has calls under way. */
  setCampaigns(refs: readonly CampaignRef[]): void {
    this.#own = new Set(refs.map(lineKey));
    const isDone = (line: Line): boolean => line.isIdle && !this.#parts.jobs.isRunning(`take ${line.key}`);
    for (const [key, line] of this.#lines) {
      line.isLeaving = !this.#own.has(key);
      if (line.isLeaving && isDone(line)) this.#lines.delete(key);
    }
    for (const ref of refs) this.#lineOf(ref);
    this.#waker.wake();
  }

  /** Something changed: it is read again soon, together with what else changes meanwhile. */
  changed(ref: CampaignRef): void {
    const line = this.#lines.get(lineKey(ref));
    if (!line) return;
    const soon = this.#parts.effects.monotonic() + this.#parts.settings.gatherMs;
    line.isStale = true;
    line.settleAt = Math.min(line.settleAt, soon);
    line.takeAt = Math.min(line.takeAt, soon);
  }

  /** For the operator. */
  read() {
    const lines = [...this.#lines.values()];
    const now = this.#parts.effects.now();
    const open = lines.flatMap((line) => [...line.open.values()]);
    return {
      campaigns: lines.filter((line) => line.isOpen(now)).length,
      underWay: this.#busy,
      inDoubt: open.filter(({ state }) => state === 'in-doubt').length,
      needsPerson: open.filter(({ needsPerson }) => needsPerson).length,
      callsPerSecond: this.#turns.callsPerSecond,
    };
  }

  get #busy(): number {
    let busy = 0;
    for (const line of this.#lines.values()) busy += line.busy;
    return busy;
  }

  async #loop(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      let waitMs = AFTER_FAILURE_MS;
      try {
        waitMs = await this.#round();
      } catch (error) {
        this.#failed(error, 'round');
      }
      await this.#waker.sleep(waitMs);
    }
  }

  /** @returns how long nothing new is to be expected, milliseconds */
  async #round(): Promise<number> {
    const { owner, effects } = this.#parts;
    if (!owner.isMine) return this.#leave();
    const token = owner.fence?.token ?? null;
    if (this.#fence !== token) {
      this.#forgetAll();
      this.#parts.gate.forgetTrial();
      await takeOver(this.#parts, (attempt) => this.#lineOf(attempt));
      this.#fence = token;
    }
    this.#mindClock();
    const busy = this.#busy;
    for (const line of this.#lines.values()) this.#lookAfter(line, busy);
    this.#lookForDoubts();
    this.#lookForLostEnds();
    this.#startCalls();
    const clock = effects.monotonic();
    const waitMs = Math.ceil(this.#turns.nextStart([...this.#lines.values()], clock) - clock);
    return Math.min(LONGEST_ROUND_MS, Math.max(SHORTEST_ROUND_MS, waitMs));
  }

  /** Contacts wait for their retries by the clock: when it was set back, what is planned is looked through. */
  #mindClock(): void {
    const at = instantOf(this.#parts.effects);
    const backMs = this.#lookedAt === null ? 0 : this.#lookedAt.now + (at.clock - this.#lookedAt.clock) - at.now;
    this.#lookedAt = at;
    if (backMs < LEAST_SET_BACK_MS) return;
    for (const line of this.#lines.values()) line.mayWaitTooLong = true;
  }

  /** Another node dials for this account. */
  #leave(): number {
    if (this.#fence !== undefined) this.#forgetAll();
    this.#fence = undefined;
    return LONGEST_ROUND_MS;
  }

  #forgetAll(): void {
    for (const [key, line] of this.#lines) this.#lines.set(key, this.#newLine(line.ref));
  }

  #lineOf(ref: CampaignRef): Line {
    const key = lineKey(ref);
    const known = this.#lines.get(key) ?? this.#newLine(ref);
    this.#lines.set(key, known);
    return known;
  }

  #newLine(ref: CampaignRef): Line {
    const line = new Line(ref);
    line.isLeaving = !this.#own.has(line.key);
    return line;
  }

  /**
   * Everything about one campaign but the starting of calls.
   * @param busy calls that the account has under way: counted once, since there may be thousands of campaigns
   */
  #lookAfter(line: Line, busy: number): void {
    const { jobs, effects, settings } = this.#parts;
    const { now, clock } = instantOf(effects);
    const age = clock - line.viewedAt;
    // What is told is read at once all the same; ten thousand campaigns must not be read through twice a second.
    const usualMs = settings.refreshEveryMs * (line.isOpen(now) ? 1 : CLOSED_REFRESH_FACTOR);
    const everyMs = Math.max(usualMs, this.#lines.size);
    if (age >= everyMs || (line.isStale && age >= settings.gatherMs))
      jobs.run(`view ${line.key}`, () => this.#refresh(line));
    if (line.open.size > 0 && clock >= line.settleAt) {
      line.settleAt = clock + settings.settleEveryMs;
      jobs.run(`settle ${line.key}`, () => this.#settler.settle(line));
    }
    if (line.view === null) return;
    this.#holds.say(line, busy);
    if (!line.isOpen(now)) {
      if (line.ahead.length > 0) jobs.run(`take ${line.key}`, () => this.#feeder.giveBack(line));
      else if (
        line.isIdle &&
        !line.isLeaving &&
        (line.view.isOver || (line.view.isOpen && line.isPastDeadline(now - settings.deadlineGraceMs)))
      )
        jobs.run(`take ${line.key}`, () => this.#close(line));
      return;
    }
    const missing = this.#wanted(line, busy) - line.ahead.length;
    if (missing > 0 && clock >= line.takeAt) {
      jobs.run(`take ${line.key}`, () => this.#feeder.take(line, missing));
    } else if (line.isIdle && line.isDrained) jobs.run(`take ${line.key}`, () => this.#close(line));
  }

  async #refresh(line: Line): Promise<void> {
    const { store, effects, settings, tellList } = this.#parts;
    const { now, clock } = instantOf(effects);
    line.isStale = false;
    const view = await viewOf(store, line.ref, now);
    line.show(view, clock, effects.monotonic());
    const isTold = view === null || view.list.contacts === (view.campaign.totalCalls ?? 0);
    line.untoldSince = isTold ? null : (line.untoldSince ?? clock);
    if (line.untoldSince === null || clock - line.untoldSince < settings.tellListAfterMs) return;
    line.untoldSince = null;
    await tellList(line.ref);
  }

  /** How many attempts to have at hand: what can be sent within a moment. */
  #wanted(line: Line, busy: number): number {
    const { gate, limits, effects, settings } = this.#parts;
    const clock = effects.monotonic();
    if (!gate.mayStart(clock)) return 0;
    const free = Math.min(line.limit - line.busy, gate.slots(limits().concurrency, clock) - busy);
    const pace = Math.min(line.pacer.perSecond, this.#turns.callsPerSecond);
    return Math.max(0, Math.min(free, Math.ceil((pace * settings.aheadMs) / 1_000), settings.mostAhead));
  }

  async #close(line: Line): Promise<void> {
    if (await this.#feeder.close(line)) this.#lines.delete(line.key);
  }

  #lookForDoubts(): void {
    const { jobs, effects } = this.#parts;
    const due = this.#doubts.due([...this.#lines.values()], effects.monotonic());
    const lanes = Array.from({ length: LOOKS_AT_ONCE }, (_, lane) => `look ${lane}`);
    for (const lane of lanes.filter((one) => !jobs.isRunning(one))) {
      const next = due.shift();
      if (!next) return;
      jobs.run(lane, () => this.#doubts.lookFor(...next));
    }
  }

  #lookForLostEnds(): void {
    const lines = [...this.#lines.values()];
    if (this.#lostEnds.isDue(lines, this.#parts.effects.monotonic()))
      this.#parts.jobs.run('lost ends', () => this.#lostEnds.look(lines));
  }

  /** Starts what the pace allows at this moment, and whose turn it is. */
  #startCalls(): void {
    const { effects, gate, limits } = this.#parts;
    const at = instantOf(effects);
    const { callsPerSecond, concurrency } = limits();
    this.#turns.setPace(callsPerSecond, at.clock);
    const slots = gate.slots(concurrency, at.clock);
    const chosen = this.#turns.choose([...this.#lines.values()], { ...at, gate, slots });
    for (const [line, attempts] of chosen) this.#sender.send(line, attempts);
  }

  #failed(error: unknown, what: string): void {
    // That it is away was said once, for all.
    if (error instanceof StoreIsAway) return;
    const clock = this.#parts.effects.monotonic();
    // So it is while another node has taken over and this one does not know yet: each of its steps is refused.
    if (clock - this.#complainedAt < COMPLAIN_EVERY_MS) return;
    this.#complainedAt = clock;
    // Jobs are named with their campaign, which the log need not know.
    this.#parts.log.error({ err: error, what: what.split(' ', 1)[0] }, 'dialing failed; it is tried again');
  }
}
