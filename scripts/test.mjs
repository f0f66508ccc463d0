/** `npm test`: every test, on a machine that has nothing but Node.js and npm. */
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, exitOnError, root, run } from './lib/setup.mjs';

async function test() {
  await ensureInstalled();
  await ensureBuilt();
  await run(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...process.argv.slice(2)]).catch(
    () => process.exit(1),
  );
}

exitOnError(test());
