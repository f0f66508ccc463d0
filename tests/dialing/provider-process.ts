import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { PlacedCall } from '@ringside/sandbox';
import { freePort } from '../../packages/server/src/testing/free-port.ts';
import { AUTH_ID, AUTH_TOKEN } from '../../packages/server/src/testing/running-server.ts';

const MAIN = fileURLToPath(new URL('../../packages/sandbox/dist/main.js', import.meta.url));

/**
 * How late slow answers and callbacks are in the drills. Whoever asked for a call is likely to be struck down before it hears
 * of it, and whoever takes over hears of it too late to be saved by that. Answers come before the drills' deadline of a request.
 */
export const DELAYS = { slowMs: 2_000, callbacks: { lateSeconds: 4 } };

/** When a request to place a call came, and what was answered. */
export interface Post {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly status: number | null;
}

/** The sandbox as the provider, in a process of its own: whoever kills the dialer does not touch its record. */
export interface ProviderProcess {
  /** Base of its API. */
  readonly url: string;
  /** Every call that it really made, in order. */
  made(): Promise<PlacedCall[]>;
  posts(): Promise<Post[]>;
  /** Changes what goes wrong, see the sandbox's README. */
  fault(order: Record<string, unknown>): Promise<void>;
  stop(): void;
}

/** @param flags of `ringside-sandbox serve`, such as `--cps 50` */
export async function startProvider(flags: readonly string[] = []): Promise<ProviderProcess> {
  const [port, control] = [await freePort(), await freePort()];
  const ports = ['--port', String(port), '--control-port', String(control)];
  const account = ['--auth-id', AUTH_ID, '--auth-token', AUTH_TOKEN];
  const child: ChildProcess = spawn(process.execPath, [MAIN, 'serve', ...ports, ...account, ...flags], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ask = async (path: string): Promise<string> => (await fetch(`http://127.0.0.1:${control}${path}`)).text();
  const lines = async <T>(path: string): Promise<T[]> =>
    (await ask(path)).split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as T]));
  await untilTrue(() =>
    ask('/faults').then(
      () => true,
      () => false,
    ),
  );
  return {
    url: `http://127.0.0.1:${port}`,
    made: () => lines<PlacedCall>('/record'),
    posts: () => lines<Post>('/posts'),
    async fault(order) {
      const answer = await fetch(`http://127.0.0.1:${control}/faults`, { method: 'POST', body: JSON.stringify(order) });
      if (!answer.ok) throw new Error(`the provider refuses ${JSON.stringify(order)}: ${await answer.text()}`);
    },
    stop: () => void child.kill('SIGKILL'),
  };
}

/** Asks until it is so. @param withinMs generous: it is only there so that a test ends */
export async function untilTrue(isSo: () => Promise<boolean>, withinMs = 30_000, everyMs = 100): Promise<void> {
  for (const began = performance.now(); !(await isSo()); ) {
    if (performance.now() - began > withinMs) throw new Error(`not so within ${withinMs} ms`);
    await new Promise((next) => setTimeout(next, everyMs));
  }
}
