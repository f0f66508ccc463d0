import { readFileSync } from 'node:fs';

/** Resident memory of a process, in bytes. */
export function memoryOf(pid: number | undefined): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}

/** Watches the memory of a process until `stop`, which gives the most that was seen. */
export function watchMemory(pid: number | undefined): { stop: () => number } {
  let most = memoryOf(pid);
  const watching = setInterval(() => {
    most = Math.max(most, memoryOf(pid));
  }, 20);
  return {
    stop() {
      clearInterval(watching);
      return Math.max(most, memoryOf(pid));
    },
  };
}
