import { readFileSync } from 'node:fs';

/** Linux counts in these, on every machine that Node.js runs on. */
const TICKS_A_SECOND = 100;

/** Processor seconds that a process has used, and those of its children that have ended; NaN where nothing tells. */
export function cpuSeconds(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  // The name of the program stands in parentheses and may hold anything; user and system time are fields 14 to 17.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system, ofChildren, systemOfChildren] = fields.slice(11, 15).map(Number);
  const ticks = (user ?? Number.NaN) + (system ?? 0) + (ofChildren ?? 0) + (systemOfChildren ?? 0);
  return ticks / TICKS_A_SECOND;
}

/** The same of a process with the children that it has now, such as a server with a process for each connection. */
export function familyCpuSeconds(pid: number): number {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return [pid, ...children].reduce((sum, one) => sum + cpuSeconds(one), 0);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
