/** A load generator: a process of its own, started with one {@link Load} for one run. */
import type { FromGenerator, Load } from './load.ts';
import { openConnections } from './measure.ts';
import { requestsOf } from './requests.ts';

const tell = (message: FromGenerator): Promise<void> =>
  new Promise((resolve) => process.send?.(message, () => resolve()));

async function run(load: Load): Promise<void> {
  const measure = await openConnections(load, requestsOf(load.traffic));
  const go = new Promise((resolve) => process.once('message', resolve));
  await tell({ type: 'ready' });
  await go;
  await tell({ type: 'result', result: await measure() });
}

process.once('message', (load: Load) => {
  run(load)
    .catch((error: Error) => tell({ type: 'failed', message: error.message }))
    .finally(() => process.exit());
});

process.once('disconnect', () => process.exit());
