import type { TeedCallback } from './callback.ts';
import { Courier, type CourierOwner } from './courier.ts';
import { DeliveryQueue, type QueueItem } from './delivery-queue.ts';
import type { Effects } from './effects.ts';
import type { ReadBack } from './journal-lines.ts';
import type { Drop, Notices } from './notices.ts';
import type { TeeSettings } from './options.ts';
import { QueueFile } from './queue-file.ts';
import { createSender } from './sender.ts';

/** Counts of an outbox since it was made. */
export interface OutboxStatus {
  /** Callbacks that wait, those under way included. */
  readonly waiting: number;
  readonly waitingBytes: number;
  readonly delivered: number;
  readonly refused: number;
  readonly dropped: number;
  /** Why Ringside takes nothing at the moment; `null` when it does. */
  readonly failing: string | null;
}

/** Keeps callbacks until Ringside has them, in memory and where wished in a file. Never throws. */
export class Outbox {
  readonly #effects: Effects;
  readonly #notices: Notices;
  readonly #queue: DeliveryQueue;
  readonly #courier: Courier;
  #file: QueueFile | null;
  readonly #count = { delivered: 0, refused: 0, dropped: 0 };
  #failing: string | null = null;
  #isPumpDue = false;
  #isClosed = false;

  constructor(settings: TeeSettings, notices: Notices, effects: Effects) {
    this.#effects = effects;
    this.#notices = notices;
    this.#queue = new DeliveryQueue(settings);
    const send = createSender(settings, effects);
    this.#courier = new Courier(this.#queue, send, this.#courierOwner(), effects, settings.concurrency);
    this.#file = settings.queueFile === null ? null : this.#openFile(settings.queueFile);
  }

  add(callback: TeedCallback): void {
    if (this.#isClosed) return this.#drop(callback, 'closed');
    const json = JSON.stringify(callback);
    const receivedAt = this.#effects.now();
    this.#enqueue({ id: this.#effects.newId(), receivedAt, json, bytes: Buffer.byteLength(json) });
  }

  status(): OutboxStatus {
    const { size, bytes } = this.#queue;
    return { waiting: size, waitingBytes: bytes, ...this.#count, failing: this.#failing };
  }

  async close(withinMs: number): Promise<void> {
    this.#isClosed = true;
    await this.#courier.finish(withinMs);
    const isOnDisk = this.#file ? await this.#file.close() : false;
    if (!isOnDisk) for (const item of this.#queue.items()) this.#drop(callbackOf(item), 'closed');
  }

  #enqueue(item: QueueItem): void {
    const gone = this.#queue.add(item);
    this.#file?.added(item);
    for (const old of gone) {
      this.#file?.removed(old.id, this.#queue.size === 0);
      this.#drop(callbackOf(old), 'queue-full');
    }
    this.#pumpSoon();
  }

  /** After the turn in which the host answers, and once for all that came in it. */
  #pumpSoon(): void {
    if (this.#isPumpDue) return;
    this.#isPumpDue = true;
    setImmediate(() => {
      this.#isPumpDue = false;
      this.#courier.pump();
    });
  }

  #drop(callback: TeedCallback, reason: Drop['reason']): void {
    this.#count.dropped += 1;
    this.#notices.drop({ callback, reason });
  }

  #courierOwner(): CourierOwner {
    return {
      done: (item, how) => {
        this.#file?.removed(item.id, this.#queue.size === 0);
        if (how === 'too-old') return this.#drop(callbackOf(item), how);
        this.#failing = null;
        if (how === 'delivered') {
          this.#count.delivered += 1;
          return;
        }
        this.#count.refused += 1;
        const { status, code, detail } = how;
        this.#notices.refuse({ callback: callbackOf(item), status, code, detail });
      },
      failing: (why) => {
        this.#failing = why;
        const message = `Ringside does not take callbacks (${why}). They wait, and are sent again.`;
        this.#notices.problem({ code: 'delivery-failing', message });
      },
      recovered: () => this.#notices.over('delivery-failing'),
      fault: (cause) => this.#notices.fault(cause),
    };
  }

  /** @returns `null` when there is a file that cannot be read: it is left alone, as writing would lose what it holds */
  #openFile(path: string): QueueFile | null {
    const failed = (cause: unknown): void => {
      const message = `${path} cannot be used (${String(cause)}). What waits would not survive a restart.`;
      this.#notices.problem({ code: 'queue-file-failed', message, cause });
    };
    const worked = (): void => this.#notices.over('queue-file-failed');
    const file = new QueueFile(path, { waiting: () => this.#queue.items(), failed, worked });
    try {
      this.#restore(file.load(), path);
      return file;
    } catch (error) {
      failed(error);
      return null;
    }
  }

  #restore({ items, damaged }: ReadBack, path: string): void {
    if (damaged > 0) {
      const message = `${damaged} lines of ${path} could not be read; the others are sent.`;
      this.#notices.problem({ code: 'queue-file-damaged', message });
    }
    for (const item of items) for (const old of this.#queue.add(item)) this.#drop(callbackOf(old), 'queue-full');
    if (items.length > 0) this.#pumpSoon();
  }
}

function callbackOf({ json }: QueueItem): TeedCallback {
  return JSON.parse(json) as TeedCallback;
}
