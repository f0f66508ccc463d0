import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { MAIN } from './server-process.ts';

/** What a command of the built program printed, and what it took. */
export interface MeasuredRun {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly seconds: number;
  /** The most resident memory it ever had, in megabytes. */
  readonly peakMegabytes: number;
}

const LOOK_EVERY_MS = 50;

/** Runs a command of the built program in a process of its own. */
export async function runMeasured(args: readonly string[]): Promise<MeasuredRun> {
  const begun = performance.now();
  const child = spawn(process.execPath, [MAIN, ...args], { env: { PATH: process.env.PATH ?? '' } });
  let out = '';
  let err = '';
  let peak = 0;
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const watching = setInterval(() => {
    peak = Math.max(peak, peakOf(child.pid));
  }, LOOK_EVERY_MS);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(watching);
  return { code, out, err, seconds: (performance.now() - begun) / 1000, peakMegabytes: Math.round(peak / 1024) };
}

/** The system keeps the highest mark itself, so a look now and then misses nothing. */
function peakOf(pid: number | undefined): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
