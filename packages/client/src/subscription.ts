import type { Overview, Report } from '@ringside/protocol';
import type { Connection } from './connection.ts';
import type { RingsideError } from './errors.ts';
import { DEFAULT_RECENT, MOST_RECENT } from './recent-calls.ts';
import type { Topic } from './topic.ts';

/** What to follow: a campaign, with how many of its newest calls (0 to 100, default 25), or the overview. */
export type Target = { readonly campaignId: string; readonly recent?: number } | { readonly overview: true };

/** What a target gives. */
export type ValueOf<T extends Target> = T extends { readonly overview: true } ? Overview : Report;

/** What is known at one moment. */
export interface LiveValue<T> {
  /** The whole current value, `null` before the first; the last one known stays while the connection is away. */
  readonly value: T | null;
  /** Why there is no newer one, such as `campaign-not-found`; `null` while all is well. */
  readonly error: RingsideError | null;
}

/**
 * Something that is followed. Read {@link Subscription.current}, give a listener, or iterate: an iterator that is slower
 * than the campaign skips to the newest value and never falls behind.
 */
export class Subscription<T extends Report | Overview> implements AsyncIterable<T> {
  readonly #connection: Connection;
  readonly #topic: Topic;
  readonly #recent: number;
  readonly #leave: () => void;
  readonly #waiting = new Set<() => void>();
  #current: LiveValue<T>;
  #closed = false;

  /** @internal Made by `RingsideClient.subscribe`. */
  constructor(connection: Connection, target: Target, listener?: (live: LiveValue<T>) => void) {
    this.#connection = connection;
    this.#topic = 'overview' in target ? { kind: 'overview' } : { kind: 'campaign', campaignId: target.campaignId };
    this.#recent = 'overview' in target ? 0 : Math.min(target.recent ?? DEFAULT_RECENT, MOST_RECENT);
    this.#leave = connection.follow(this.#topic, () => {
      this.#current = this.#read();
      listener?.(this.#current);
      this.#wake();
    });
    this.#current = this.#read();
  }

  /** The newest value, and why there is no newer one. The same object until something changes. */
  get current(): LiveValue<T> {
    return this.#current;
  }

  /** Ends it. The connection is let go of when nothing is followed any more. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#leave();
    this.#wake();
  }

  /** Every new value until {@link Subscription.close}. @throws RingsideError when the server refuses the topic */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    let seen: LiveValue<T> | null = null;
    while (!this.#closed) {
      if (this.#current === seen) {
        await new Promise<void>((resolve) => this.#waiting.add(resolve));
        continue;
      }
      seen = this.#current;
      if (seen.error) throw seen.error;
      if (seen.value) yield seen.value;
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  #read(): LiveValue<T> {
    const { held, error } = this.#connection.read(this.#topic);
    return { value: held && (this.#view(held.value) as T), error };
  }

  #view(value: Report | Overview): Report | Overview {
    if (!('recentActivity' in value) || value.recentActivity.length <= this.#recent) return value;
    return { ...value, recentActivity: value.recentActivity.slice(0, this.#recent) };
  }
}
