import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const root = fileURLToPath(new URL('../../', import.meta.url));
const LINK = /^ {2}(http:\S+)\/sign-in#token=\S+\n$/m;

/** The demo in processes of its own, as a person runs it. */
export interface Demo {
  readonly child: ChildProcess;
  readonly url: string;
  /** API key of its server. */
  readonly key: string;
  readonly output: () => string;
  /** Its processes by what they run, once it is ready. */
  readonly processes: readonly Process[];
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
}

export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  /** Tells a process from a later one with the same id. */
  readonly startedAt: string;
}

/** Starts it, and waits until it prints its link. @param command what starts it, such as `npm run demo` */
export async function startDemo(
  command: readonly string[],
  env: Record<string, string> = {},
  cwd = root,
): Promise<Demo> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd,
    env: { ...outsideNpm(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  const ready = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += chunk;
        if (LINK.test(output)) resolve();
      });
  });
  let processes: readonly Process[] = [];
  onTestFinished(() => {
    for (const { pid } of [...processes.filter(isAlive), ...descendants(child.pid ?? 0)]) process.kill(pid, 'SIGKILL');
  });
  await Promise.race([ready, ended.then(() => Promise.reject(new Error(`the demo did not start:\n${output}`)))]);
  processes = descendants(child.pid ?? 0);
  const [, url = ''] = LINK.exec(output) ?? [];
  const [, key = ''] = /with the key (\S+)/.exec(output) ?? [];
  return { child, url, key, output: () => output, processes, ended };
}

/** The environment without what the npm of the test run says of itself. */
export function outsideNpm(): Record<string, string | undefined> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^npm_(lifecycle|package|config)/.test(name));
  return Object.fromEntries(inherited);
}

/** Kills the one process whose command line has this text. */
export function killPart({ processes }: Demo, text: string, signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): void {
  const found = processes.filter(({ command }) => command.includes(text));
  const [only] = found;
  if (found.length !== 1 || !only) throw new Error(`${found.length} processes run ${text}`);
  process.kill(only.pid, signal);
}

/** Whether it still runs: one that nobody has waited for does not. */
export function isAlive({ pid, startedAt }: Process): boolean {
  const now = read(pid);
  return now !== null && now.startedAt === startedAt;
}

function descendants(pid: number): readonly Process[] {
  const all = readdirSync('/proc')
    .map((name) => (/^\d+$/.test(name) ? read(Number(name)) : null))
    .filter((found) => found !== null);
  const below = (parent: number): Process[] =>
    all.filter((found) => found.parent === parent).flatMap((found) => [found, ...below(found.pid)]);
  return [...all.filter((found) => found.pid === pid), ...below(pid)];
}

/** What Linux says of a process; `null` when it has ended. */
function read(pid: number): Process | null {
  try {
    // The name, in brackets, may hold blanks.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const [state, parent = '', startedAt = ''] = [stat[0], stat[1], stat[19]];
    if (state === 'Z' || state === 'X') return null;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return { pid, parent: Number(parent), command, startedAt };
  } catch {
    return null;
  }
}
