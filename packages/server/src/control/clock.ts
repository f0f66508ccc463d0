import { LONGEST_ANSWER_SECONDS } from '@ringside/protocol';
import type { FastifyBaseLogger } from 'fastify';
import type { Timer } from '../store/dialing/dial-store.ts';
import { type Store, StoreIsAway } from '../store/store.ts';
import type { Ownership } from '../upkeep/lease.ts';
import type { Control } from './control.ts';
import type { Courier } from './courier.ts';

export interface ClockParts {
  readonly store: Pick<Store, 'dial'>;
  readonly control: Pick<Control, 'due'>;
  readonly courier: Pick<Courier, 'due'>;
  /** Whether it is this node that does it. */
  readonly owner: Ownership;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly log: Pick<FastifyBaseLogger, 'error' | 'warn'>;
}

const EVERY_MS = 1_000;
const LONGEST_ANSWER_MS = LONGEST_ANSWER_SECONDS * 1_000;
const AT_ONCE = 100;
/** Something that fails must not keep the others waiting, and is tried again soon. */
const AGAIN_AFTER_MS = 5_000;

/**
 * Does what campaigns do by the clock. A timer only says when to look: what is then done follows from the campaign as it
 * is, and is the same however often it is done. It is taken away afterwards, unless it was set anew.
 */
export class ControlClock {
  readonly #parts: ClockParts;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  /** When this node last looked, epoch milliseconds; `null` before it did. */
  #lookedAt: number | null = null;

  constructor(parts: ClockParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), EVERY_MS);
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#running;
  }

  /** Looks now, or takes part in the look that goes on. */
  look(): Promise<void> {
    this.#running ??= this.#look()
      .catch((error: unknown) => {
        // That it is away was said once, for all.
        if (!(error instanceof StoreIsAway)) this.#parts.log.error({ err: error }, 'timers could not be looked at');
      })
      .finally(() => {
        this.#running = null;
      });
    return this.#running;
  }

  async #look(): Promise<void> {
    const { store, owner, now, log } = this.#parts;
    if (!owner.isMine) {
      this.#lookedAt = null;
      return;
    }
    // One reading for all of it: a timer that was due must not be taken away undone because the clock was set back since.
    const at = now();
    await this.#mindClock(at);
    for (const timer of await store.dial.dueTimers(at, AT_ONCE)) {
      if (!owner.isMine) return;
      try {
        await this.#carryOut(timer, at);
      } catch (error) {
        if (error instanceof StoreIsAway) throw error;
        log.error({ err: error, campaignId: timer.campaignId, what: timer.what }, 'a timer could not be carried out');
        await store.dial.setTimer({ ...timer, dueAt: now() + AGAIN_AFTER_MS });
      }
    }
  }

  /** An external dialer is not asked again before its timer is due: a clock that was set back must not put that off. */
  async #mindClock(at: number): Promise<void> {
    const { dial } = this.#parts.store;
    if (this.#lookedAt === null) await dial.hastenConfirms(at, at + LONGEST_ANSWER_MS);
    else if (at < this.#lookedAt) await dial.hastenConfirms(at, at);
    this.#lookedAt = at;
  }

  async #carryOut(timer: Timer, at: number): Promise<void> {
    const { store, control, courier, log } = this.#parts;
    const { workspace, campaignId, what } = timer;
    const campaign = { workspace, campaignId };
    // It stays until there is an answer, and the courier says when it is due again.
    if (what === 'confirm') return courier.due(campaign, timer.dueAt);
    const action = `campaign.${what}`;
    const audit = { at, workspace, actor: 'ringside', address: null, action, target: campaignId };
    const done = await control.due(campaign, what, audit);
    if (done?.outcome === 'refused') log.warn({ campaignId, what, why: done.why }, 'what was timed could not be done');
    await store.dial.clearTimer(campaign, what, timer.dueAt);
  }
}
