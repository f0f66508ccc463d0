import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AUTH_ID, AUTH_TOKEN, KEY } from './running-server.ts';

/** The built program. */
export const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** The built server in a process of its own, as an operator runs it. */
export interface ServerProcess {
  readonly url: string;
  /** The one-time link that it prints. */
  readonly signInUrl: string;
  readonly child: ChildProcess;
  /** Everything it has written so far, but for the lines in which it tells the operator its links. */
  readonly log: () => string;
  /** Fulfils with exit code and what was written to standard error. */
  readonly ended: Promise<{ code: number | null; signal: string | null; stderr: string }>;
}

/** What it prints once it is open, and what while its store is away. */
const OPEN = /listens on (\S+)\n.*with (\S+)\n/;
const LISTENING = /listens on (\S+)\n/;

/** Starts it without its store and waits until it listens, or ends. It has no sign-in link yet. */
export function startAway(
  dataDir: string,
  env: Record<string, string> = {},
  prefix: string[] = [],
): Promise<ServerProcess> {
  return startProcess(dataDir, env, prefix, [], LISTENING);
}

/** Starts it and waits until it listens, or ends. */
export async function startProcess(
  dataDir: string,
  env: Record<string, string> = {},
  prefix: string[] = [],
  flags: readonly string[] = [],
  until: RegExp = OPEN,
): Promise<ServerProcess> {
  const [command = process.execPath, ...args] = [...prefix, process.execPath, MAIN, ...flags];
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH ?? '',
      PORT: '0',
      RINGSIDE_DATA: dataDir,
      RINGSIDE_ADMIN_KEY: KEY,
      PLIVO_AUTH_ID: AUTH_ID,
      PLIVO_AUTH_TOKEN: AUTH_TOKEN,
      LOG_LEVEL: 'fatal',
      ...env,
    },
  });
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<{ code: number | null; signal: string | null; stderr: string }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stderr }));
  });
  const printed = await new Promise<RegExpExecArray | null>((resolve) => {
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      const found = until.exec(stdout);
      if (found) resolve(found);
    });
    child.on('close', () => resolve(null));
  });
  const [, url = '', signInUrl = ''] = printed ?? [];
  const log = (): string => stdout.replace(/^(?:Ringside listens on|Sign in once with) .*\n/gm, '') + stderr;
  return { url, signInUrl, child, ended, log };
}
