import type { FastifyBaseLogger } from 'fastify';
import type { Spool } from './spool.ts';

/** `filling`: 80 % of the room are taken. `full`, `unwritable`: callbacks are refused while the store is away. */
export type Alarm = 'filling' | 'full' | 'unwritable';

const FILLING = 0.8;
/** Below this an alarm is over: one that comes and goes at the very edge would be told again and again. */
const OVER = 0.7;

const rank: Readonly<Record<Alarm, number>> = { filling: 1, full: 2, unwritable: 3 };

const sayings: Readonly<Record<Alarm, string>> = {
  filling: 'the spool is filling: bring PostgreSQL back before callbacks must be refused',
  full: 'the spool is full: callbacks are answered 503 and may be lost; bring PostgreSQL back',
  unwritable:
    'the spool cannot be written: callbacks are answered 503 and may be lost; look at the disk of RINGSIDE_DATA',
};

/** Raises the alarm once each time that it gets worse, however many requests notice. */
export class SpoolAlarm {
  readonly #spool: Pick<Spool, 'bytes' | 'capBytes' | 'isFull' | 'isUnwritable'>;
  readonly #log: Pick<FastifyBaseLogger, 'error'>;
  #raised: Alarm | null = null;

  constructor(
    spool: Pick<Spool, 'bytes' | 'capBytes' | 'isFull' | 'isUnwritable'>,
    log: Pick<FastifyBaseLogger, 'error'>,
  ) {
    this.#spool = spool;
    this.#log = log;
  }

  /** The present alarm. Tells of a new one. */
  look(): Alarm | null {
    const { bytes, capBytes } = this.#spool;
    const now = this.#current();
    const before = this.#raised;
    if (now !== null && (before === null || rank[now] > rank[before])) {
      this.#log.error({ alarm: now, bytes, capBytes }, sayings[now]);
      this.#raised = now;
    } else if (now === null && bytes < capBytes * OVER) this.#raised = null;
    return now;
  }

  #current(): Alarm | null {
    const { bytes, capBytes, isFull, isUnwritable } = this.#spool;
    if (isUnwritable) return 'unwritable';
    if (isFull || bytes >= capBytes) return 'full';
    return bytes >= capBytes * FILLING ? 'filling' : null;
  }
}
