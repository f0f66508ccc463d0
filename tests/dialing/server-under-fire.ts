import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../packages/server/src/testing/free-port.ts';
import { AUTH_ID, AUTH_TOKEN, KEY } from '../../packages/server/src/testing/running-server.ts';

const MAIN = fileURLToPath(new URL('./hurried-server.mjs', import.meta.url));
const CLOCK = new URL('../clock/stepped-clock.mjs', import.meta.url).href;

/** The longest that the provider of the drills lets a request wait, and looks that follow each other quickly. */
const HURRY = {
  plivoCalls: { longestQueueMs: 2_000 },
  dialing: {
    ...{ sendWithinMs: 3_000, firstLookMs: 500, longestLookGapMs: 1_500, queueMarginMs: 500, firstHoldMs: 1_000 },
    ...{ lostEndAfterMs: 15_000, lostEndsEveryMs: 5_000 },
  },
};

/** A server that is killed again and again, and comes back over the same data on the same port. */
export interface ServerUnderFire {
  /** Stays the same: the provider's callbacks go there, and are tried again while it is away. */
  readonly url: string;
  readonly process: () => ChildProcess;
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Lets its wall clock stand that far beside the machine's from now on, over restarts too; milliseconds. */
  setClock(ms: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startUnderFire(apiUrl: string, env: Record<string, string> = {}): Promise<ServerUnderFire> {
  const folder = mkdtempSync(join(tmpdir(), 'ringside-test-dialing-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const settings = {
    ...{ PATH: process.env.PATH ?? '', PORT: String(port), RINGSIDE_DATA: folder, RINGSIDE_ADMIN_KEY: KEY },
    ...{ PLIVO_AUTH_ID: AUTH_ID, PLIVO_AUTH_TOKEN: AUTH_TOKEN, PLIVO_API_URL: apiUrl, PUBLIC_URL: url },
    ...{ LOG_LEVEL: 'fatal', HURRY: JSON.stringify(HURRY), ...env },
  };
  let running: ChildProcess;
  let clockMs = 0;
  const start = async (): Promise<void> => {
    const own = { ...settings, CLOCK_MS: String(clockMs) };
    const stdio = ['ignore', 'pipe', 'inherit', 'ipc'] as const;
    running = spawn(process.execPath, ['--import', CLOCK, MAIN], { stdio: [...stdio], env: own });
    const listens = new Promise((resolve) => running.stdout?.once('data', resolve));
    await Promise.race([listens, once(running, 'exit').then(([code]) => Promise.reject(new Error(`exit ${code}`)))]);
  };
  const kill = async (): Promise<void> => {
    if (running.exitCode !== null || running.signalCode !== null) return;
    const gone = once(running, 'exit');
    running.kill('SIGKILL');
    await gone;
  };
  const setClock = async (ms: number): Promise<void> => {
    clockMs = ms;
    if (!running.connected) return;
    const isSet = once(running, 'message');
    running.send(ms);
    await isSet;
  };
  await start();
  return {
    ...{ url, start, kill, setClock },
    process: () => running,
    async stop() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
