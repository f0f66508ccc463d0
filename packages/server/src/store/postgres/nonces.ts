import type pg from 'pg';
import type { SignedNonce } from '../../providers/plivo/callback.ts';
import { inTransaction, type Session, tryAgain } from './session.ts';

const DAY_MS = 24 * 3_600_000;
const DAYS = 3;

interface KnownNonce {
  readonly nonce: number;
  readonly content: number;
}

/**
 * Nonces that a provider has signed with, for at least 48 hours, and what was signed: see the embedded store's.
 *
 * They are taken before the callbacks are applied, in a transaction that waits for no disk. That loses nothing: the
 * commit that stores a callback comes later in the same log and makes this one durable with it, and a nonce without
 * its callback only waits for the very same callback to come again.
 */
export class Nonces {
  readonly #pool: pg.Pool;
  #day = 0;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /**
   * Remembers nonces.
   * @returns those for which something else was signed before, by place in the list
   */
  async take(nonces: readonly SignedNonce[], now: number): Promise<ReadonlySet<number>> {
    if (nonces.length === 0) return new Set();
    const offered = new Map<number, number>();
    for (const { key, content } of nonces) if (!offered.has(key)) offered.set(key, content);
    // Everybody takes them in one order, so that two nodes with the same nonces do not wait for each other.
    const pairs = [...offered].sort(([a], [b]) => a - b);
    const { day, known } = await tryAgain(() =>
      inTransaction(this.#pool, (session) => this.#takeIn(session, pairs, Math.floor(now / DAY_MS))),
    );
    this.#day = Math.max(this.#day, day);
    const contents = new Map(known.map(({ nonce, content }) => [nonce, content]));
    return new Set(nonces.flatMap(({ key, content }, place) => (contents.get(key) === content ? [] : [place])));
  }

  async #takeIn(session: Session, pairs: readonly (readonly [number, number])[], wanted: number) {
    await session.command('SET LOCAL synchronous_commit = off');
    const day = await this.#turn(session, wanted);
    const [today, yesterday, before] = [0, 1, 2].map((ago) => `nonces_${(day - ago + DAYS) % DAYS}`);
    const known = await session.query<KnownNonce>(
      `WITH offered AS (SELECT nonce, content FROM unnest($1::bigint[], $2::bigint[]) AS offered (nonce, content)),
       earlier AS (
         SELECT nonce, content FROM ${yesterday} WHERE nonce = ANY ($1::bigint[])
         UNION ALL SELECT nonce, content FROM ${before} WHERE nonce = ANY ($1::bigint[])
       ),
       added AS (
         INSERT INTO ${today} AS known (nonce, content)
         SELECT nonce, content FROM offered WHERE nonce NOT IN (SELECT nonce FROM earlier)
         ON CONFLICT (nonce) DO UPDATE SET content = known.content
         RETURNING nonce, content
       )
       SELECT nonce, content FROM earlier UNION ALL SELECT nonce, content FROM added`,
      pairs.map(([nonce]) => nonce),
      pairs.map(([, content]) => content),
    );
    return { day, known };
  }

  /** Forgets the days that are over. @returns the day that is written to */
  async #turn(session: Session, day: number): Promise<number> {
    if (day <= this.#day) return this.#day;
    const [stored] = await session.query<{ day: number }>('SELECT day FROM nonce_day FOR UPDATE');
    const last = stored?.day ?? 0;
    for (let next = Math.max(last + 1, day - DAYS + 1); next <= day; next += 1) {
      await session.command(`TRUNCATE nonces_${next % DAYS}`);
    }
    if (day > last) await session.query('UPDATE nonce_day SET day = $1', day);
    return Math.max(day, last);
  }
}
