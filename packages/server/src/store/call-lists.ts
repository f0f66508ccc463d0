import { compare } from '@ringside/core';
import { CallWalk, LIVE, LONGEST_STRETCH } from './call-walk.ts';
import type { Awaitable, CallKey, Place, ReadSource, Stretch } from './read-source.ts';
import type { CallFilter, CallSort, Order } from './reads.ts';

/** A list of calls, from a place on. */
export interface ListPlan {
  readonly campaign: string;
  readonly filter: CallFilter;
  readonly sort: CallSort;
  readonly order: Order;
  readonly after: Pick<CallKey, 'sort' | 'id'> | null;
}

/** Calls of an export's piece. */
const PIECE = 500;
/** After so many stretches a piece is sent with what it holds, so that a reader who left is noticed. */
const STRETCHES_OF_PIECE = 4;

/** Lets whoever else waits for this thread go first. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Finds the calls of lists and exports: which, and in what order. */
export class CallLists {
  readonly #walk: CallWalk;
  readonly #source: Pick<ReadSource, 'keys'>;

  constructor(source: Pick<ReadSource, 'keys' | 'stretchEnd'>) {
    this.#walk = new CallWalk(source);
    this.#source = source;
  }

  /**
   * The next calls of a list, at most `limit`. In order of ends the index is followed as far as needed. There is no
   * index of start and talk times: for these all calls of the range are looked through, and the first ones kept.
   */
  async keys(plan: ListPlan, limit: number): Promise<CallKey[]> {
    const byEnd = plan.sort === 'endTime';
    const { campaign, filter, after } = plan;
    const order = byEnd ? plan.order : 'desc';
    const from = byEnd && after ? { end: after.sort === unknownOf(plan) ? LIVE : after.sort, id: after.id } : null;
    const first = byEnd ? limit : LONGEST_STRETCH;
    let keys: CallKey[] = [];
    for await (const stretch of this.#walk.stretches({ campaign, filter, order, after: from, first })) {
      const found = await this.#keysOf(stretch, plan, byEnd ? limit - keys.length : limit);
      keys = byEnd ? keys.concat(found) : firstOf(keys.concat(found), plan.order, limit);
      if (byEnd && keys.length === limit) break;
      await breathe();
    }
    return keys;
  }

  /**
   * The next calls of an export, newest end first: as many as a piece holds, or those that some stretches let through.
   * @returns `next` is where to go on, `null` at the end
   */
  async piece(
    campaign: string,
    filter: CallFilter,
    after: Place | null,
  ): Promise<{ keys: CallKey[]; next: Place | null }> {
    const plan: ListPlan = { campaign, filter, sort: 'endTime', order: 'desc', after: null };
    const keys: CallKey[] = [];
    let stretches = 0;
    for await (const stretch of this.#walk.stretches({ campaign, filter, order: 'desc', after, first: PIECE })) {
      keys.push(...(await this.#keysOf(stretch, plan, PIECE - keys.length)));
      if (keys.length === PIECE) return { keys, next: keys.at(-1) ?? null };
      stretches += 1;
      if (stretches === STRETCHES_OF_PIECE) return { keys, next: stretch.low };
      await breathe();
    }
    return { keys, next: null };
  }

  #keysOf({ low, high }: Stretch, plan: ListPlan, limit: number): Awaitable<readonly CallKey[]> {
    const { campaign, filter, sort, order, after } = plan;
    const unknown = unknownOf(plan);
    return this.#source.keys({ campaign, filter, sort, order, after, low, high, unknown, limit });
  }
}

/** What an unknown value sorts as: a live call comes first in order of ends, any other unknown last. */
function unknownOf({ sort, order }: ListPlan): number {
  const isHigh = (sort === 'endTime') === (order === 'desc');
  return isHigh ? LIVE : -1;
}

function firstOf(keys: CallKey[], order: Order, limit: number): CallKey[] {
  const sign = order === 'asc' ? 1 : -1;
  return keys.sort((a, b) => sign * (compare(a.sort, b.sort) || compare(a.id, b.id))).slice(0, limit);
}
