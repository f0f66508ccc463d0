import { Worker } from 'node:worker_threads';
import { type Store, StoreFault } from '../store.ts';
import { StoreOpenError } from './database.ts';
import type { Engine, EngineSettings } from './engine.ts';
import type { Request, Response } from './worker.ts';

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Opens the embedded store in a thread of its own, so that HTTP and storage have a core each. */
export async function openSqliteStore(settings: EngineSettings): Promise<Store> {
  const worker = startWorker(settings);
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
  worker.on('exit', () => fail(new StoreFault('the store is closed')));

  await new Promise((resolve, reject) => waiting.set(0, { resolve, reject }));

  function call(method: keyof Engine, ...args: unknown[]): Promise<never> {
    if (failure) return Promise.reject(failure);
    const id = ++lastId;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      worker.postMessage({ id, method, args } satisfies Request);
    });
  }

  return {
    apply: (receipts) => call('apply', receipts),
    register: (workspace, campaign, actor, now) => call('register', workspace, campaign, actor, now),
    patch: (workspace, id, change, actor, now) => call('patch', workspace, id, change, actor, now),
    campaign: (workspace, id, now) => call('campaign', workspace, id, now),
    campaigns: (workspace, query, now) => call('campaigns', workspace, query, now),
    report: (workspace, id, recent, now) => call('report', workspace, id, recent, now),
    summaries: (workspace, which, now) => call('summaries', workspace, which, now),
    timeline: (workspace, id, now) => call('timeline', workspace, id, now),
    staleCalls: (before, after, limit) => call('staleCalls', before, after, limit),
    answerXml: (workspace, id) => call('answerXml', workspace, id),
    findKey: (hash) => call('findKey', hash),
    addKey: (hash, key) => call('addKey', hash, key, Date.now()),
    hasKeys: () => call('hasKeys'),
    addSession: (hash, keyId, expiresAt) => call('addSession', hash, keyId, expiresAt),
    findSession: (hash, now) => call('findSession', hash, now),
    removeSession: (hash) => call('removeSession', hash),
    ping: () => call('ping'),
    close: () => call('close'),
  };
}

/** Node cannot start a thread from TypeScript source, so in development and tests tsx is registered in it first. */
function startWorker(workerData: EngineSettings): Worker {
  const url = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);
  if (url.pathname.endsWith('.js')) return new Worker(url, { workerData });
  const bootstrap = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(url.href)}); })`;
  return new Worker(bootstrap, { eval: true, workerData, execArgv: ['--conditions=ringside-src'] });
}
