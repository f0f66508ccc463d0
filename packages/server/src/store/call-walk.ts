import type { Place, ReadSource, Stretch } from './read-source.ts';
import type { CallFilter, Order } from './reads.ts';

/** What a live call has for an end in the index: see `calls.end_key`. */
export const LIVE = Number.MAX_SAFE_INTEGER;
const LAST_ID = Number.MAX_SAFE_INTEGER;
const EARLIEST = -1;

/** What one walk goes over. */
export interface WalkPlan {
  readonly campaign: string;
  readonly filter: CallFilter;
  readonly order: Order;
  /** Begin after this call; `null`: at the beginning. */
  readonly after: Place | null;
  /** Calls of the first stretch. Further ones grow, for where a filter lets few calls through. */
  readonly first: number;
}

/** Calls of a stretch at most: some tens of milliseconds. */
export const LONGEST_STRETCH = 20_000;
const GROWTH = 4;

/**
 * Cuts the calls of a campaign into stretches of bounded length, so that no statement runs long: between two of them
 * others are served, and no read transaction lasts. Live calls come first in either order: one that ends during the
 * walk is then met later, and never missed.
 */
export class CallWalk {
  readonly #source: Pick<ReadSource, 'stretchEnd'>;

  constructor(source: Pick<ReadSource, 'stretchEnd'>) {
    this.#source = source;
  }

  /** The stretches in walking order. */
  async *stretches({ campaign, filter, order, after, first }: WalkPlan): AsyncGenerator<Stretch> {
    let size = first;
    for (const range of rangesOf(filter, order)) {
      if (after && !isWithin(after, range) && isBeyond(after, range, order)) continue;
      let at = after && isWithin(after, range) ? after : null;
      do {
        const { stretch, far } = await this.#stretch(campaign, range, order, at, size);
        yield stretch;
        at = far;
        size = Math.min(size * GROWTH, LONGEST_STRETCH);
      } while (at);
    }
  }

  /** @returns the stretch, and its last call unless it reaches to the end of the range */
  async #stretch(campaign: string, { lowest, highest }: Range, order: Order, at: Place | null, size: number) {
    if (order === 'desc') {
      const high = at ? { end: at.end, id: at.id - 1 } : { end: highest, id: LAST_ID };
      const far = await this.#source.stretchEnd({ campaign, order, from: high, bound: lowest, size });
      return { stretch: { low: far ?? { end: lowest, id: 0 }, high }, far };
    }
    const low = at ? { end: at.end, id: at.id + 1 } : { end: lowest, id: 0 };
    const far = await this.#source.stretchEnd({ campaign, order, from: low, bound: highest, size });
    return { stretch: { low, high: far ?? { end: highest, id: LAST_ID } }, far };
  }
}

/** Ends from and to, both included. */
interface Range {
  readonly lowest: number;
  readonly highest: number;
}

/** The ends that a filter can let through, in walking order. A range of ends leaves live calls out. */
function rangesOf({ state, endedFrom, endedBefore }: CallFilter, order: Order): Range[] {
  const withLive = state !== 'ended' && endedFrom === null && endedBefore === null;
  const live = { lowest: LIVE, highest: LIVE };
  if (state === 'live') return withLive ? [live] : [];
  const ended = { lowest: endedFrom ?? EARLIEST, highest: endedBefore === null ? LIVE - 1 : endedBefore - 1 };
  if (!withLive) return [ended];
  return order === 'asc' ? [live, ended] : [{ ...ended, highest: LIVE }];
}

function isWithin({ end }: Place, { lowest, highest }: Range): boolean {
  return end >= lowest && end <= highest;
}

/** The range lies before the place in walking order; live calls come before all others. */
function isBeyond({ end }: Place, { lowest, highest }: Range, order: Order): boolean {
  if (order === 'desc') return end < lowest;
  return lowest === LIVE ? end !== LIVE : end !== LIVE && end > highest;
}
