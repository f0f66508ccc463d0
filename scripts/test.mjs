/**
 * The tests, on a machine that has nothing but Node.js and npm: `npm test` runs what must hold on every change,
 * `--tier full` the rest of what CI runs, `--tier soak` the long checks at their full size.
 */
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, exitOnError, root, run } from './lib/setup.mjs';

const CONFIGS = { quick: 'vitest.config.ts', full: 'vitest.full.config.ts', soak: 'vitest.soak.config.ts' };

async function test(args) {
  const given = args.indexOf('--tier');
  const tier = given < 0 ? 'quick' : args.splice(given, 2)[1];
  const config = CONFIGS[tier];
  if (!config) throw new Error(`There is no tier ${tier} of tests: ${Object.keys(CONFIGS).join(', ')}.`);
  await ensureInstalled();
  await ensureBuilt();
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  await run(process.execPath, [vitest, 'run', '--config', config, ...args]).catch(() => process.exit(1));
}

exitOnError(test(process.argv.slice(2)));
