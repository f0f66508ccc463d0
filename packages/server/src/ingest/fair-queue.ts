/** Who may have how much. */
export interface Quotas {
  /** Events a second that a workspace is owed; `null` is without limit. */
  readonly perSecond: (workspace: string) => number | null;
  /** A clock that only goes forward, milliseconds. */
  readonly clock: () => number;
}

/** What waits weighs something. */
export interface Weighed {
  readonly bytes: number;
}

interface Lane<T> {
  readonly items: T[];
  bytes: number;
  /** What of its quota a workspace has left. */
  tokens: number;
  filledAt: number;
}

/** What gathers while a workspace is quiet: a callback storm of a second passes at once. */
const BURST_SECONDS = 1;

/**
 * A queue with a lane for each workspace. Lanes take turns, so whoever sends little never waits behind whoever sends
 * much; and a workspace that sends more than it is owed waits for its share, without being refused.
 */
export class FairQueue<T extends Weighed> {
  readonly #quotas: Quotas;
  readonly #lanes = new Map<string, Lane<T>>();
  #size = 0;
  #bytes = 0;

  constructor(quotas: Quotas) {
    this.#quotas = quotas;
  }

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** What waits of one workspace. */
  of(workspace: string): { readonly size: number; readonly bytes: number } {
    const lane = this.#lanes.get(workspace);
    return { size: lane?.items.length ?? 0, bytes: lane?.bytes ?? 0 };
  }

  push(workspace: string, item: T): void {
    let lane = this.#lanes.get(workspace);
    if (!lane) {
      const tokens = (this.#quotas.perSecond(workspace) ?? 0) * BURST_SECONDS;
      lane = { items: [], bytes: 0, tokens, filledAt: this.#quotas.clock() };
      this.#lanes.set(workspace, lane);
    }
    lane.items.push(item);
    lane.bytes += item.bytes;
    this.#bytes += item.bytes;
    this.#size += 1;
  }

  /**
   * Takes what is due, in turns.
   * @param ignoreQuotas when the server stops, everything is due
   */
  take(most: number, ignoreQuotas = false): T[] {
    const due = [...this.#lanes].flatMap(([workspace, lane]) => {
      const allowed = ignoreQuotas ? lane.items.length : Math.min(lane.items.length, this.#allowance(workspace, lane));
      return allowed > 0 ? [{ lane, allowed }] : [];
    });
    const shares = shareOut(
      due.map(({ allowed }) => allowed),
      most,
    );
    const taken = due.map(({ lane }, index) => this.#takeFrom(lane, shares[index] ?? 0));
    this.#forgetIdle();
    return taken.flat();
  }

  #takeFrom(lane: Lane<T>, count: number): T[] {
    const items = lane.items.splice(0, count);
    const bytes = items.reduce((sum, item) => sum + item.bytes, 0);
    // Without a limit nothing is owed: a limit that is set later would else have to make up for all of it.
    lane.tokens = Math.max(0, lane.tokens - count);
    lane.bytes -= bytes;
    this.#bytes -= bytes;
    this.#size -= count;
    return items;
  }

  #allowance(workspace: string, lane: Lane<T>): number {
    const perSecond = this.#quotas.perSecond(workspace);
    if (perSecond === null) return lane.items.length;
    const now = this.#quotas.clock();
    const filled = lane.tokens + ((now - lane.filledAt) / 1000) * perSecond;
    lane.tokens = Math.min(perSecond * BURST_SECONDS, filled);
    lane.filledAt = now;
    return Math.floor(lane.tokens);
  }

  /** An empty lane whose quota is full again tells nothing. */
  #forgetIdle(): void {
    if (this.#lanes.size < 1_000) return;
    for (const [workspace, lane] of this.#lanes) if (lane.items.length === 0) this.#lanes.delete(workspace);
  }
}

/** Gives each as much as it wants, but no one more than an equal part while others want more. */
function shareOut(wanted: readonly number[], most: number): number[] {
  const shares = wanted.map(() => 0);
  let left = most;
  let open = wanted.map((_, index) => index);
  while (left > 0 && open.length > 0) {
    const each = Math.max(1, Math.floor(left / open.length));
    for (const index of open) {
      const more = Math.min(each, left, (wanted[index] ?? 0) - (shares[index] ?? 0));
      shares[index] = (shares[index] ?? 0) + more;
      left -= more;
    }
    open = open.filter((index) => (shares[index] ?? 0) < (wanted[index] ?? 0));
  }
  return shares;
}
