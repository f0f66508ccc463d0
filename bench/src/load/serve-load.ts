import type { FromGenerator } from './load.ts';

/**
 * Makes this process a load generator: started with one load for one run.
 * @param prepare gets everything ready, and returns what starts the clock
 */
export function serveLoad<Load, Result>(prepare: (load: Load) => Promise<() => Promise<Result>>): void {
  const tell = (message: FromGenerator<Result>): Promise<void> =>
    new Promise((resolve) => process.send?.(message, () => resolve()));
  const run = async (load: Load): Promise<void> => {
    const measure = await prepare(load);
    const go = new Promise((resolve) => process.once('message', resolve));
    await tell({ type: 'ready' });
    await go;
    await tell({ type: 'result', result: await measure() });
  };
  process.once('message', (load: Load) => {
    run(load)
      .catch((error: Error) => tell({ type: 'failed', message: error.message }))
      .finally(() => process.exit());
  });
  process.once('disconnect', () => process.exit());
}
