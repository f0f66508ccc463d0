import type { SignedNonce } from '../../providers/plivo/callback.ts';
import type { Database } from './database.ts';

const DAY_MS = 24 * 3_600_000;
const DAYS = 3;

/**
 * Nonces that a provider has signed with, for at least 48 hours, and what was signed. Signatures carry no time, and
 * the signed text has no separators between its parameters: so the same text can be cut into other parameters, and
 * only this memory tells the second from a redelivery.
 */
export class Nonces {
  readonly #days;
  readonly #setDay;
  #day: number;

  constructor(db: Database) {
    this.#days = Array.from({ length: DAYS }, (_, slot) => ({
      find: db.prepare(`SELECT content FROM nonces_${slot} WHERE nonce = ?`),
      add: db.prepare(`INSERT OR IGNORE INTO nonces_${slot} (nonce, content) VALUES (?, ?)`),
      clear: db.prepare(`DELETE FROM nonces_${slot}`),
    }));
    this.#setDay = db.prepare('UPDATE nonce_day SET day = ?');
    this.#day = (db.prepare('SELECT day FROM nonce_day').get() as { day: number }).day;
  }

  /**
   * Remembers a nonce; to be called inside the transaction that stores the callback.
   * @returns false when something else was signed with it before
   */
  take({ key, content }: SignedNonce, now: number): boolean {
    this.#turn(Math.floor(now / DAY_MS));
    for (const { find } of this.#days) {
      const known = find.get(key) as { content: number } | undefined;
      if (known) return known.content === content;
    }
    this.#days[this.#day % DAYS]?.add.run(key, content);
    return true;
  }

  /** Forgets the days that are over. If the transaction is rolled back, a day is merely remembered for longer. */
  #turn(day: number): void {
    if (day <= this.#day) return;
    const over = Math.min(DAYS, day - this.#day);
    for (let next = 1; next <= over; next += 1) this.#days[(this.#day + next) % DAYS]?.clear.run();
    this.#setDay.run(day);
    this.#day = day;
  }
}
