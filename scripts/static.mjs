/** Format, lint and types: everything that can be known without running the code. */
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, exitOnError, root, run } from './lib/setup.mjs';

const node = (script, ...args) => run(process.execPath, [join(root, 'node_modules', script), ...args]);

async function checkStatically() {
  await ensureInstalled();
  console.log('Format and lint …');
  await node('@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', '.');
  await ensureBuilt();
  console.log('Types of the tests and the page …');
  await node('typescript/bin/tsc', '-p', 'tsconfig.tests.json');
  await node('typescript/bin/tsc', '-p', 'packages/dashboard');
}

exitOnError(checkStatically());
