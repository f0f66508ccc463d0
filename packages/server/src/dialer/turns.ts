import type { ReadyAttempt } from '../store/dialing/dial-store.ts';
import type { AccountGate } from './account-gate.ts';
import { FairShare, type Want } from './fair-share.ts';
import type { Line } from './line.ts';
import { Pacer } from './pacing.ts';

/** What an account may do at a moment. */
export interface Moment {
  /** Epoch milliseconds. */
  readonly now: number;
  /** The same on the clock that only goes forward, by which paces go. */
  readonly clock: number;
  readonly gate: AccountGate;
  /** Calls that the account may have under way; may be infinite. */
  readonly slots: number;
}

type Chosen = ReadonlyMap<Line, readonly ReadyAttempt[]>;

/** Decides which attempts start: the account's pace, the pace and the limit of each campaign, and whose turn it is. */
export class Turns {
  readonly #pacer: Pacer;
  readonly #fair = new FairShare();

  constructor(callsPerSecond: number) {
    this.#pacer = new Pacer(callsPerSecond);
  }

  get callsPerSecond(): number {
    return this.#pacer.perSecond;
  }

  setPace(callsPerSecond: number, clock: number): void {
    this.#pacer.setPace(callsPerSecond, clock);
  }

  /** Takes from the lines what starts now. */
  choose(lines: readonly Line[], { now, clock, gate, slots }: Moment): Chosen {
    const chosen = new Map<Line, ReadyAttempt[]>();
    const byKey = new Map(lines.map((line) => [line.key, line]));
    while (this.#pacer.mayStart(clock) && gate.mayStart(clock)) {
      const wants = lines.map((line) => wantOf(line, chosen.get(line)?.length ?? 0, { now, clock }));
      const id = this.#fair.next(wants, slots);
      const line = id === null ? undefined : byKey.get(id);
      const attempt = line?.ahead.shift();
      if (!line || !attempt) break;
      this.#pacer.start(clock);
      line.pacer.start(clock);
      gate.started(attempt.attemptId);
      chosen.set(line, [...(chosen.get(line) ?? []), attempt]);
    }
    if (this.#pacer.mayStart(clock)) this.#pacer.rest(clock);
    for (const line of lines) if (line.ahead.length === 0) line.pacer.rest(clock);
    return chosen;
  }

  /**
   * When the next call may start by its pace, on the clock of paces. What might have started and did not waits for something
   * else, whose end makes a look of its own.
   */
  nextStart(lines: readonly Line[], clock: number): number {
    const ready = lines.filter(({ ahead }) => ahead.length > 0);
    const starts = ready.map(({ pacer }) => Math.max(pacer.nextAt, this.#pacer.nextAt));
    return Math.min(...starts.filter((at) => at > clock));
  }
}

function wantOf(line: Line, starting: number, { now, clock }: Pick<Moment, 'now' | 'clock'>): Want {
  const open = line.busy + starting;
  const mayStart = line.ahead.length > 0 && line.isOpen(now) && line.pacer.mayStart(clock);
  return { id: line.key, open, most: Math.min(line.limit, open + line.ahead.length), mayStart };
}
