/** `npm run bench`: all benchmarks, or with `-- NAME` one of them, against the server as it is built. */

import { spawn } from 'node:child_process';
import { ensureBuilt, ensureInstalled, exitOnError, root } from './lib/setup.mjs';

async function bench() {
  const say = (line) => console.error(line);
  await ensureInstalled(say);
  await ensureBuilt(say);
  const args = ['--import', 'tsx', '--conditions=ringside-src', 'bench/src/main.ts', ...process.argv.slice(2)];
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
  // Ctrl-C reaches the child too, which then cleans up; this process waits for it.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code) => process.exit(code ?? 1));
}

exitOnError(bench());
