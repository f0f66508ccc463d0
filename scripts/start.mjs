/** `npm start`: the server for real, installing and building first where needed. */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, exitOnError, root } from './lib/setup.mjs';

async function start() {
  const say = (line) => console.error(line);
  await ensureInstalled(say);
  await ensureBuilt(say);
  const server = spawn(process.execPath, [join(root, 'packages/server/dist/main.js'), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
  server.on('exit', (code) => process.exit(code ?? 1));
}

exitOnError(start());
