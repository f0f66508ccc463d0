import type { CallDelivery } from '@ringside/core';
import type { FastifyBaseLogger } from 'fastify';
import { type Effects, instantOf } from '../effects.ts';
import type { Intake } from '../ingest/intake.ts';
import type { CallDetail, CallDetails } from '../providers/plivo/call-detail.ts';
import { type StaleCall, type StaleCursor, type Store, StoreIsAway } from '../store/store.ts';
import type { Ownership } from '../upkeep/lease.ts';
import { lostDelivery, plivoId } from './lost-call.ts';
import type { SweepStatus } from './sweep-status.ts';
import { WaitingList } from './waiting-list.ts';

/** How the sweeper goes about it. Times are milliseconds. */
export interface SweepSettings {
  /** Between two rounds, and before the first: what was held up while the server was away comes in by then. */
  readonly everyMs: number;
  /** What a call may take beyond its longest time: ringing, and the provider's own delay in writing its record. */
  readonly graceMs: number;
  /** Before a call is asked about again; doubles up to the longest. No record is believed only after this gap, too. */
  readonly firstGapMs: number;
  readonly longestGapMs: number;
  /** Before a provider is asked again that refused the account. */
  readonly refusedGapMs: number;
  /** Calls asked about or marked in one round. */
  readonly mostPerRound: number;
}

export const usualSweep: SweepSettings = {
  everyMs: 60_000,
  graceMs: 10 * 60_000,
  firstGapMs: 5 * 60_000,
  longestGapMs: 60 * 60_000,
  refusedGapMs: 30 * 60_000,
  mostPerRound: 500,
};

export interface SweeperParts {
  /** Whether it is this node that sweeps. Two that sweep at once do no harm: what they find is the same event. */
  readonly owner: Ownership;
  readonly store: Pick<Store, 'staleCalls'>;
  readonly intake: Pick<Intake, 'submit'>;
  /** Whom to ask about the calls of a workspace; `null` without an account. */
  readonly detailsOf: (workspace: string) => Pick<CallDetails, 'find'> | null;
  readonly status: SweepStatus;
  readonly log: Pick<FastifyBaseLogger, 'info' | 'warn' | 'error'>;
  readonly effects: Effects;
}

const PAGE = 200;
/** Pages read in one round: beyond them calls are left for the next. */
const MOST_PAGES = 50;
/** Calls asked about at the same time. */
const LANES = 8;
/** After so many calls in a row about which the provider could not answer, the rest of a round is spared. */
const FAILURES_IN_A_ROW = 3;
/** No provider lets a call go on for longer, whatever it says. */
const LONGEST_CALL_MS = 24 * 3_600_000;

/** One round, from one reading of the clock. */
interface Round {
  readonly now: number;
  /** The same of the clock that only goes forward, by which calls wait. */
  readonly clock: number;
  readonly signal: AbortSignal;
  readonly open: Set<string>;
  /** Calls asked about or marked. */
  handled: number;
  failuresInARow: number;
}

/**
 * Finds calls whose end never came, reads it from the provider's record, and only where there is none marks them as
 * lost. Without it a lost hangup would leave a call live for ever.
 */
export class Sweeper {
  readonly #parts: SweeperParts;
  readonly #settings: SweepSettings;
  readonly #waiting: WaitingList;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #refusedUntil = Number.NEGATIVE_INFINITY;

  constructor(parts: SweeperParts, settings: Partial<SweepSettings> = {}) {
    this.#parts = parts;
    this.#settings = { ...usualSweep, ...settings };
    const { firstGapMs, longestGapMs } = this.#settings;
    this.#waiting = new WaitingList({ firstMs: firstGapMs, longestMs: longestGapMs });
  }

  /** Sweeps at intervals until {@link stop}. A round that fails is logged, and the next one tries again. */
  run(): void {
    this.#running = this.#loop(this.#stopping.signal);
  }

  /** Fulfils when nothing is under way any more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #loop(signal: AbortSignal): Promise<void> {
    const { effects, log } = this.#parts;
    for (;;) {
      await effects.sleep(this.#settings.everyMs, signal);
      if (signal.aborted) return;
      if (!this.#parts.owner.isMine) continue;
      await this.sweep(signal).catch((error: unknown) => {
        // That it is away was said once, for all.
        if (!(error instanceof StoreIsAway))
          log.error({ err: error }, 'looking for calls without an end failed; it is tried again');
      });
    }
  }

  /** One round. @throws StoreFault, Overloaded when what was found cannot be stored now */
  async sweep(signal: AbortSignal): Promise<void> {
    const { store, effects, status } = this.#parts;
    const { now, clock } = instantOf(effects);
    const round: Round = { now, clock, signal, open: new Set(), handled: 0, failuresInARow: 0 };
    let after: StaleCursor | null = null;
    for (let pages = 0; pages < MOST_PAGES && !signal.aborted; pages += 1) {
      const page = await store.staleCalls(now - this.#settings.graceMs, after, PAGE);
      for (const call of page.calls) round.open.add(keyOf(call));
      await this.#settlePage(page.calls, round);
      after = page.next;
      if (after === null) break;
    }
    if (signal.aborted) return;
    if (after === null) this.#waiting.keep(round.open);
    status.ran(now, round.open.size);
  }

  async #settlePage(calls: readonly StaleCall[], round: Round): Promise<void> {
    const due = calls.filter((call) => this.#waiting.isDue(keyOf(call), round.clock));
    for (let at = 0; at < due.length && !round.signal.aborted; at += LANES) {
      const left = this.#settings.mostPerRound - round.handled;
      if (left <= 0) return;
      await Promise.all(due.slice(at, at + Math.min(LANES, left)).map((call) => this.#settle(call, round)));
    }
  }

  async #settle(call: StaleCall, round: Round): Promise<void> {
    const id = plivoId(call);
    const details = id === null ? null : this.#parts.detailsOf(call.workspace);
    const isSpared = round.clock < this.#refusedUntil || round.failuresInARow >= FAILURES_IN_A_ROW;
    if (id !== null && details !== null && isSpared) return;
    round.handled += 1;
    if (id === null || details === null) return this.#lose(call, round);
    const detail = await details.find(id, round.signal);
    if (!round.signal.aborted) await this.#conclude(call, detail, round);
  }

  async #conclude(call: StaleCall, detail: CallDetail, round: Round): Promise<void> {
    const { status, log } = this.#parts;
    if (detail.kind === 'unavailable' || detail.kind === 'refused') return this.#complain(call, detail, round);
    round.failuresInARow = 0;
    if (status.available()) log.info('Plivo answers about calls without an end again');
    const key = keyOf(call);
    switch (detail.kind) {
      case 'ended':
        if (await this.#submit(call, detail.delivery, round)) status.reconciled();
        return;
      case 'live':
        if (round.now - call.startedAt > LONGEST_CALL_MS + this.#settings.graceMs) return this.#lose(call, round);
        return this.#waiting.postpone(key, round.clock, false);
      case 'none':
        // A call that has only just ended is in neither list for a moment.
        if (this.#waiting.hadNone(key)) return this.#lose(call, round);
        return this.#waiting.postpone(key, round.clock, true);
    }
  }

  #complain(call: StaleCall, { kind, reason }: CallDetail & { kind: 'unavailable' | 'refused' }, round: Round): void {
    const { status, log } = this.#parts;
    if (kind === 'refused') this.#refusedUntil = round.clock + this.#settings.refusedGapMs;
    else this.#waiting.postpone(keyOf(call), round.clock, false);
    round.failuresInARow += 1;
    if (status.failed(kind, reason))
      log.warn({ reason }, 'calls without an end cannot be looked up; none is marked lost');
  }

  async #lose(call: StaleCall, round: Round): Promise<void> {
    if (await this.#submit(call, lostDelivery(call, round.now), round)) this.#parts.status.lost();
  }

  /** @returns whether the call has its end now */
  async #submit(call: StaleCall, delivery: CallDelivery, round: Round): Promise<boolean> {
    const { workspace, campaignId } = call;
    const { result } = await this.#parts.intake.submit({
      kind: 'delivery',
      workspace,
      receivedAt: delivery.receivedAt,
      campaignId,
      delivery,
    });
    if (result === 'rejected') {
      this.#waiting.postpone(keyOf(call), round.clock, false);
      return false;
    }
    round.open.delete(keyOf(call));
    return true;
  }
}

function keyOf({ workspace, campaignId, row }: StaleCall): string {
  return `${workspace}\0${campaignId}\0${row}`;
}
