import { backoffMs } from './backoff.ts';
import type { DeliveryQueue, QueueItem } from './delivery-queue.ts';
import type { Effects } from './effects.ts';
import type { Send } from './sender.ts';
import type { Verdict } from './verdict.ts';

/** What a courier tells its owner. */
export interface CourierOwner {
  /** The item has left the queue: delivered, refused for good, or too old. */
  done(item: QueueItem, how: 'delivered' | 'too-old' | Extract<Verdict, { kind: 'refused' }>): void;
  /** Ringside does not take what it is sent at the moment. */
  failing(why: string): void;
  recovered(): void;
  /** A mistake in the tee itself; it goes on. */
  fault(error: unknown): void;
}

/**
 * Takes what waits to Ringside. After a failure that concerns the server it waits, then sends one item alone, and goes
 * on with several at a time when that arrived. A failure that concerns an item delays that item only.
 */
export class Courier {
  readonly #queue: DeliveryQueue;
  readonly #send: Send;
  readonly #owner: CourierOwner;
  readonly #effects: Pick<Effects, 'now' | 'monotonic' | 'random' | 'after'>;
  readonly #concurrency: number;
  readonly #attempts = new Map<string, number>();
  readonly #stop = new AbortController();
  /** Server failures in a row. What was sent before the latest says nothing new, and is not counted. */
  #failures = 0;
  #round = 0;
  /** Of the clock that only goes forward. */
  #notBefore = Number.NEGATIVE_INFINITY;
  #calmTimer = (): void => {};
  #flush: { readonly emptied: () => void } | null = null;

  constructor(
    queue: DeliveryQueue,
    send: Send,
    owner: CourierOwner,
    effects: Pick<Effects, 'now' | 'monotonic' | 'random' | 'after'>,
    concurrency: number,
  ) {
    this.#queue = queue;
    this.#send = send;
    this.#owner = owner;
    this.#effects = effects;
    this.#concurrency = concurrency;
  }

  /** Sends what may be sent now, and sees to it that the rest is sent later. Never throws. */
  pump(): void {
    if (this.#stop.signal.aborted) return;
    try {
      this.#pump();
    } catch (error) {
      this.#owner.fault(error);
    }
  }

  #pump(): void {
    this.#calmTimer();
    for (const item of this.#queue.expire(this.#effects.now())) this.#leave(item, 'too-old');
    const clock = this.#effects.monotonic();
    const limit = this.#failures > 0 ? 1 : this.#concurrency;
    while (clock >= this.#notBefore && this.#queue.underWay < limit) {
      const item = this.#queue.take(clock);
      if (!item) break;
      this.#deliver(item);
    }
    if (this.#queue.size === 0) this.#flush?.emptied();
    this.#sleep(clock);
  }

  /**
   * Sends what waits, without regard to delays, until nothing waits or the time is up; then stops for good, and calls
   * off what is under way.
   */
  async finish(withinMs: number): Promise<void> {
    this.#notBefore = Number.NEGATIVE_INFINITY;
    this.#failures = 0;
    this.#queue.hurry();
    await new Promise<void>((resolve) => {
      const calm = this.#effects.after(withinMs, resolve, true);
      const emptied = (): void => {
        calm();
        resolve();
      };
      this.#flush = { emptied };
      this.pump();
    });
    this.#calmTimer();
    this.#stop.abort(new Error('the tee was closed'));
  }

  #sleep(clock: number): void {
    const { hasReady, nextDelayed, underWay } = this.#queue;
    // Whatever is under way pumps again when it is back.
    if (underWay > 0 && hasReady) return;
    const wakeAt = Math.max(this.#notBefore, hasReady ? clock : nextDelayed);
    if (wakeAt === Number.POSITIVE_INFINITY) return;
    this.#calmTimer = this.#effects.after(wakeAt - clock, () => this.pump(), this.#flush !== null);
  }

  #deliver(item: QueueItem): void {
    const round = this.#round;
    this.#send(item.json, this.#stop.signal)
      .then((verdict) => {
        this.#settle(item, round, verdict);
        this.pump();
      })
      .catch((error: unknown) => this.#owner.fault(error));
  }

  #settle(item: QueueItem, round: number, verdict: Verdict): void {
    if (verdict.kind === 'later') {
      if (this.#stop.signal.aborted) return;
      if (verdict.scope === 'item') this.#delay(item, verdict.retryAfterMs);
      else this.#fail(item, round, verdict.retryAfterMs);
      this.#owner.failing(verdict.why);
      return;
    }
    this.#succeed(round);
    this.#leave(item, verdict.kind === 'delivered' ? 'delivered' : verdict);
  }

  #leave(item: QueueItem, how: Parameters<CourierOwner['done']>[1]): void {
    this.#queue.remove(item.id);
    this.#attempts.delete(item.id);
    this.#owner.done(item, how);
  }

  #succeed(round: number): void {
    if (round !== this.#round || this.#failures === 0) return;
    this.#failures = 0;
    this.#owner.recovered();
  }

  #delay(item: QueueItem, retryAfterMs: number | null): void {
    const attempts = (this.#attempts.get(item.id) ?? 0) + 1;
    this.#attempts.set(item.id, attempts);
    const wait = Math.max(backoffMs(attempts, this.#effects.random()), retryAfterMs ?? 0);
    this.#queue.delay(item.id, this.#effects.monotonic() + wait);
  }

  #fail(item: QueueItem, round: number, retryAfterMs: number | null): void {
    this.#queue.retry(item.id);
    if (round === this.#round) {
      this.#round += 1;
      this.#failures += 1;
    }
    const wait = Math.max(backoffMs(this.#failures, this.#effects.random()), retryAfterMs ?? 0);
    this.#notBefore = Math.max(this.#notBefore, this.#effects.monotonic() + wait);
  }
}
