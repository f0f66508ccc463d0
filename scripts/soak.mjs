/** `npm run test:soak`: the long checks at their full size, one after another, or with `-- NAME` one of them. */
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, exitOnError, root, run } from './lib/setup.mjs';

async function soak() {
  await ensureInstalled();
  await ensureBuilt();
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--config', 'vitest.soak.config.ts', ...process.argv.slice(2)];
  await run(process.execPath, args).catch(() => process.exit(1));
}

exitOnError(soak());
