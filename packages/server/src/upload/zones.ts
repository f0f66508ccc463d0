import { TimeZone } from '@ringside/protocol';

const MOST_ZONES = 100;
const MOST_REMEMBERED = 1_000;

/** Zones of the contacts of a list: real ones, and not too many, since the dialer looks at each. */
export class Zones {
  readonly #used: Set<string>;
  readonly #looked = new Map<string, boolean>();

  /** @param used those on the list already */
  constructor(used: Iterable<string>) {
    this.#used = new Set(used);
  }

  /** Why a contact cannot have a zone, or `null`. */
  wrong(zone: string): string | null {
    if (this.#used.has(zone)) return null;
    if (!this.#isZone(zone)) return 'this is no IANA time zone: write it such as Asia/Kolkata, or leave it empty';
    if (this.#used.size >= MOST_ZONES) return `the list has ${MOST_ZONES} time zones already: leave this one empty`;
    this.#used.add(zone);
    return null;
  }

  #isZone(zone: string): boolean {
    const before = this.#looked.get(zone);
    if (before !== undefined) return before;
    if (this.#looked.size >= MOST_REMEMBERED) this.#looked.clear();
    // An offset such as +05:30 knows nothing of summer time.
    const isZone = /^[A-Za-z]/.test(zone) && TimeZone.safeParse(zone).success;
    this.#looked.set(zone, isZone);
    return isZone;
  }
}
