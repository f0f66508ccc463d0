import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts a module in a thread of its own. Node cannot start a thread from TypeScript source, so in development and tests
 * tsx is registered in it first.
 * @param module URL of the module, without its ending
 */
export function startWorker(module: URL, options: WorkerOptions): Worker {
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const url = new URL(`${module.href}.${ending}`);
  if (ending === 'js') return new Worker(url, options);
  const bootstrap = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(url.href)}); })`;
  return new Worker(bootstrap, { ...options, eval: true, execArgv: ['--conditions=ringside-src'] });
}
