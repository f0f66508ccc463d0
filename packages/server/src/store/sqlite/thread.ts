import { type ResourceLimits, Worker } from 'node:worker_threads';
import { StoreFault, StoreOpenError } from '../store.ts';

/** A call of a method, from the main thread. */
export interface Request {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

/** Its answer. The first message, with id 0, says whether the store could be opened. */
export type Response = { readonly id: number } & (
  | { readonly value: unknown }
  | { readonly error: string; readonly opening?: true }
);

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** An object in a thread of its own, called by the names of its methods. */
export interface Thread<Methods> {
  /** Rejects with StoreFault once the thread has ended. */
  call(method: keyof Methods & string, ...args: unknown[]): Promise<never>;
  /** Closes the object, and resolves once the thread has ended: only then it certainly holds none of its files. */
  end(): Promise<void>;
}

export interface ThreadOptions {
  readonly workerData: unknown;
  /** Called when the thread has ended, for whatever reason. */
  readonly onEnd?: () => void;
  readonly limits?: ResourceLimits;
}

/**
 * Starts a thread of the store and waits until it has opened.
 * @param module file name beside this one, without its ending
 * @throws StoreOpenError when the thread cannot open the store
 */
export async function openThread<Methods>(module: string, options: ThreadOptions): Promise<Thread<Methods>> {
  const worker = startWorker(module, options);
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let failure: Error | null = null;

  function fail(error: Error): void {
    failure = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  }

  worker.on('message', (response: Response) => {
    const caller = waiting.get(response.id);
    waiting.delete(response.id);
    if ('value' in response) caller?.resolve(response.value);
    else caller?.reject(response.opening ? new StoreOpenError(response.error) : new StoreFault(response.error));
  });
  worker.on('error', (error) => fail(new StoreFault('the storage thread stopped', { cause: error })));
  const ended = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      fail(new StoreFault('the store is closed'));
      options.onEnd?.();
      resolve();
    });
  });

  await new Promise((resolve, reject) => waiting.set(0, { resolve, reject }));

  const call: Thread<Methods>['call'] = (method, ...args) => {
    if (failure) return Promise.reject(failure);
    const id = ++lastId;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      worker.postMessage({ id, method, args } satisfies Request);
    });
  };
  return {
    call,
    async end() {
      await call('close' as keyof Methods & string);
      await ended;
    },
  };
}

/** Each thread loads one bundled file. It lies in `dist/threads`, seen from the sources as from what is compiled. */
function startWorker(module: string, { workerData, limits = {} }: ThreadOptions): Worker {
  const url = new URL(`../../../dist/threads/${module}.js`, import.meta.url);
  return new Worker(url, { workerData, resourceLimits: limits });
}
