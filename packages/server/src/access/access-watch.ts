import type { FastifyBaseLogger } from 'fastify';
import type { AccessStore } from '../store/access/work.ts';
import type { Authenticator } from './authenticator.ts';
import type { LiveGuards } from './live-guards.ts';

const EVERY_MS = 400;
const USES_EVERY_MS = 5_000;

export interface WatchParts {
  readonly store: AccessStore;
  readonly authenticator: Authenticator;
  readonly guards: LiveGuards;
  /** Accounts and whatever else is kept in memory. */
  readonly reload: () => Promise<void>;
  readonly log: Pick<FastifyBaseLogger, 'warn'>;
}

/**
 * Notices within half a second that somebody's access changed, on whichever node that was, and lets nothing of before
 * stand: what was cached is forgotten and every open connection is asked about anew.
 */
export class AccessWatch {
  readonly #parts: WatchParts;
  #version: number | null = null;
  #timer: NodeJS.Timeout | null = null;
  #usesAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> = Promise.resolve();
  /** The look that has not begun. */
  #queued: Promise<void> | null = null;
  #isDown = false;

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  run(): void {
    this.#timer = setInterval(() => void this.look(), EVERY_MS);
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#looking;
    await this.#putDownUses().catch(() => {});
  }

  /** Looks now; also called right after a change on this node. Never rejects. */
  look(): Promise<void> {
    // Whoever asks while one look waits for another shares it: it begins later than they asked, so it sees what they
    // changed. Otherwise a workspace that makes and ends sessions all day would have everybody asked about each time.
    this.#queued ??= this.#looking
      .then(() => {
        this.#queued = null;
        return this.#look();
      })
      .catch((error: unknown) => this.#complain(error));
    this.#looking = this.#queued;
    return this.#looking;
  }

  async #look(): Promise<void> {
    const { store, authenticator, guards, reload } = this.#parts;
    guards.endExpired();
    const version = await store.accessVersion();
    this.#isDown = false;
    if (version !== this.#version) {
      authenticator.forget();
      await reload();
      await authenticator.askAgain();
      await guards.checkAll();
      this.#version = version;
    }
    await this.#putDownUses();
  }

  async #putDownUses(): Promise<void> {
    const { store, authenticator } = this.#parts;
    if (performance.now() - this.#usesAt < USES_EVERY_MS) return;
    this.#usesAt = performance.now();
    const uses = authenticator.takeUses();
    if (uses.length > 0) await store.usedKeys(uses);
  }

  /** Said once for each time that storage is away. */
  #complain(error: unknown): void {
    if (!this.#isDown) this.#parts.log.warn({ err: error }, 'changes of access cannot be seen now');
    this.#isDown = true;
  }
}
