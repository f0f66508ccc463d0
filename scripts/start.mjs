/** `npm start`: the server for real, installing and building first where needed. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt, ensureInstalled, exitOnError, root } from './lib/setup.mjs';

async function start() {
  const say = (line) => console.error(line);
  await ensureInstalled(say, 'run');
  await ensureBuilt(say, 'run');
  // In this process, so that signals and the exit code are those of the server.
  await import(pathToFileURL(join(root, 'packages/server/dist/main.js')).href);
}

exitOnError(start());
