import { setTimeout as sleep } from 'node:timers/promises';

/** Reads of one key, login or link that wait; one more is refused. */
const MOST_WAITING = 32;
/** Longest rest after a read, milliseconds. */
const LONGEST_REST_MS = 1_000;

export interface Reader {
  readonly workspace: string;
  /** The key, login or link that asks. */
  readonly actor: string;
}

/** Lets a read begin, or takes it out of the queue. */
type Begin = (go: boolean) => void;

interface Queue {
  isBusy: boolean;
  /** Reader that was served last. */
  last: string | null;
  /** By reader; one that was served goes to the end. */
  readonly waiting: Map<string, Begin[]>;
}

/** A read that was let in. */
export interface HeavyRead<T> {
  /** `null` when it was dropped before its turn. */
  readonly result: Promise<T | null>;
  /** Gives up a turn that has not begun. A read under way is not cut short, and holds its turn. */
  readonly drop: () => void;
}

/**
 * Reads that go over many rows: one at a time for each workspace, its readers by turn. After each comes a rest as long
 * as the read took, so that no workspace takes more than half of what serves all.
 */
export class HeavyReads {
  readonly #queues = new Map<string, Queue>();
  readonly #rest: (ms: number) => Promise<unknown>;

  constructor(rest: (ms: number) => Promise<unknown> = (ms) => sleep(ms, undefined, { ref: false })) {
    this.#rest = rest;
  }

  /** @returns `null` when too many of this reader wait already */
  enter<T>({ workspace, actor }: Reader, read: () => Promise<T>): HeavyRead<T> | null {
    const queue: Queue = this.#queues.get(workspace) ?? { isBusy: false, last: null, waiting: new Map() };
    const own = queue.waiting.get(actor) ?? [];
    if (own.length >= MOST_WAITING) return null;
    let begin: Begin = () => {};
    const begun = new Promise<boolean>((resolve) => {
      begin = resolve;
    });
    own.push(begin);
    queue.waiting.set(actor, own);
    this.#queues.set(workspace, queue);
    this.#next(workspace, queue);
    return {
      result: begun.then((go) => (go ? this.#run(workspace, queue, read) : null)),
      drop: () => {
        if (!take(queue, actor, begin)) return;
        begin(false);
        this.#next(workspace, queue);
      },
    };
  }

  async #run<T>(workspace: string, queue: Queue, read: () => Promise<T>): Promise<T> {
    const from = performance.now();
    try {
      return await read();
    } finally {
      const rested = this.#rest(Math.min(performance.now() - from, LONGEST_REST_MS));
      void rested.then(() => {
        queue.isBusy = false;
        this.#next(workspace, queue);
      });
    }
  }

  #next(workspace: string, queue: Queue): void {
    if (queue.isBusy) return;
    const readers = [...queue.waiting.keys()];
    const actor = readers.find((reader) => reader !== queue.last) ?? readers[0];
    if (actor === undefined) return void this.#queues.delete(workspace);
    const own = queue.waiting.get(actor) ?? [];
    const begin = own.shift();
    queue.waiting.delete(actor);
    if (own.length > 0) queue.waiting.set(actor, own);
    queue.last = actor;
    queue.isBusy = true;
    begin?.(true);
  }
}

/** Takes a read out of a queue. @returns false when it was there no more */
function take({ waiting }: Queue, actor: string, begin: Begin): boolean {
  const own = waiting.get(actor) ?? [];
  const index = own.indexOf(begin);
  if (index < 0) return false;
  own.splice(index, 1);
  if (own.length === 0) waiting.delete(actor);
  return true;
}
