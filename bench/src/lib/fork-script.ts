import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Starts a script of the benchmarks as a process of its own, with this process's TypeScript loader. Ctrl-C does not
 * reach it: it ends when this process lets go of it, after it has cleaned up.
 */
export function forkScript(script: URL): ChildProcess {
  return fork(fileURLToPath(script), [], { env: { ...process.env, NODE_ENV: 'production' }, detached: true });
}
