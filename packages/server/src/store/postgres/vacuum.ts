import type pg from 'pg';
import { Session } from './session.ts';

/** Tables of which a row may name a number. */
const TABLES = 'calls, aliases, contacts, numbers, call_events, unassigned, list_contacts, attempts, do_not_call';

/**
 * Takes old versions of rows out of the tables, out of their indexes, and their values out of the planner's statistics:
 * a number that was erased is in all of them until then. On a connection of its own, for it may take long.
 */
export async function vacuumCalls(open: () => pg.Pool, signal: AbortSignal): Promise<void> {
  const pool = open();
  try {
    const client = await pool.connect();
    const giveUp = (): void => client.release(true);
    signal.addEventListener('abort', giveUp);
    try {
      await new Session(client).command(`VACUUM (INDEX_CLEANUP ON, ANALYZE) ${TABLES}`);
    } finally {
      signal.removeEventListener('abort', giveUp);
      if (!signal.aborted) client.release();
    }
  } finally {
    await pool.end();
  }
}

/** Runs such work so often at most, and lets nobody wait for its end. */
export class Vacuuming {
  readonly #vacuum: (signal: AbortSignal) => Promise<void>;
  readonly #stop = new AbortController();
  #isWanted = false;
  #endedAt = Number.NEGATIVE_INFINITY;

  constructor(vacuum: (signal: AbortSignal) => Promise<void>) {
    this.#vacuum = vacuum;
  }

  /** There is something to take out. */
  want(): void {
    this.#isWanted = true;
  }

  /** True when something is to be taken out and that was not done a moment ago. @param now epoch milliseconds */
  isDue(now: number): boolean {
    return this.#isWanted && now - this.#endedAt >= EVERY_MS;
  }

  /** Begins, and looks every second whether it has ended. */
  async *run(now: number): AsyncGenerator<never[], void> {
    this.#isWanted = false;
    let isOver = false;
    // Where it cannot be done, PostgreSQL does it by itself some time.
    const running = this.#vacuum(this.#stop.signal)
      .catch(() => {})
      .finally(() => {
        isOver = true;
      });
    while (!isOver) {
      let timer: NodeJS.Timeout | undefined;
      const later = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, LOOK_MS);
      });
      await Promise.race([running, later]).finally(() => clearTimeout(timer));
      if (!isOver) yield [];
    }
    this.#endedAt = now;
  }

  stop(): void {
    this.#stop.abort();
  }
}

const LOOK_MS = 1_000;
const EVERY_MS = 5 * 60_000;
