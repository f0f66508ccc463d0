import type { Awaitable, ListedContact, ReadSource, StoredContact } from './read-source.ts';

/** Contacts that are read at once. */
export const STRETCH = 500;

/** Somebody who was called, is on the list, or both. */
export interface MergedContact {
  readonly key: string;
  readonly called: StoredContact | null;
  readonly listed: ListedContact | null;
}

/** A table of contacts, read a stretch at a time in order of their keys. */
class Stretches<R extends { readonly contact_key: string }> {
  readonly #read: (after: string) => Awaitable<readonly R[]>;
  #after: string;
  #rows: readonly R[] = [];
  #isEnded = false;

  constructor(read: (after: string) => Awaitable<readonly R[]>, after: string) {
    this.#read = read;
    this.#after = after;
  }

  async fill(): Promise<void> {
    if (this.#rows.length > 0 || this.#isEnded) return;
    this.#rows = await this.#read(this.#after);
    this.#isEnded = this.#rows.length < STRETCH;
    this.#after = this.#rows.at(-1)?.contact_key ?? this.#after;
  }

  /** Up to which key nothing is missing; `null` where nothing is to come. */
  get known(): string | null {
    return this.#isEnded ? null : this.#after;
  }

  /** @param last key of the last one, `null` for all that are there */
  take(last: string | null): readonly R[] {
    const beyond = last === null ? -1 : this.#rows.findIndex(({ contact_key: key }) => byBytes(key, last) > 0);
    const taken = beyond < 0 ? this.#rows : this.#rows.slice(0, beyond);
    this.#rows = beyond < 0 ? [] : this.#rows.slice(beyond);
    return taken;
  }
}

/** All contacts of a campaign in order of their keys, each once, a stretch at a time. */
export async function* contactsInOrder(
  source: Pick<ReadSource, 'contactsPage' | 'listPage'>,
  campaign: string,
  after: string,
): AsyncGenerator<readonly MergedContact[], void> {
  const called = new Stretches((from) => source.contactsPage(campaign, from, STRETCH), after);
  const listed = new Stretches((from) => source.listPage(campaign, from, STRETCH), after);
  for (;;) {
    await called.fill();
    await listed.fill();
    const [least = null] = [called.known, listed.known].filter((key) => key !== null).sort(byBytes);
    const merged = merge(called.take(least), listed.take(least));
    if (merged.length > 0) yield merged;
    if (least === null) return;
  }
}

function merge(called: readonly StoredContact[], listed: readonly ListedContact[]): readonly MergedContact[] {
  const byKey = new Map<string, MergedContact>();
  for (const one of called) byKey.set(one.contact_key, { key: one.contact_key, called: one, listed: null });
  for (const one of listed) {
    const { contact_key: key } = one;
    byKey.set(key, { key, called: byKey.get(key)?.called ?? null, listed: one });
  }
  return [...byKey.values()].sort((a, b) => byBytes(a.key, b.key));
}

/** The order in which both stores keep texts. */
function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
