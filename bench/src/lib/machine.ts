import { availableParallelism, cpus, release, totalmem } from 'node:os';

/** One line about where and when the figures were taken. */
export function machine(now: Date): string {
  const model = cpus()[0]?.model ?? 'unknown processor';
  const memory = Math.round(totalmem() / 1024 ** 3);
  const day = now.toISOString().slice(0, 10);
  return `${day}, ${availableParallelism()} cores of ${model}, ${memory} GB, ${process.platform} ${release()}, Node.js ${process.versions.node}`;
}
