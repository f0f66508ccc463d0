import { once } from 'node:events';
import { getPriority, setPriority } from 'node:os';
import { forkScript } from '../lib/fork-script.ts';
import type { FromGenerator, Load, LoadResult } from './load.ts';
import type { PacedLoad, PacedResult } from './pace.ts';

/** A process that has everything ready to be sent. */
export interface ReadyLoad<Result> {
  readonly run: () => Promise<Result>;
  readonly end: () => void;
}

/** Runs one load from a process of its own. @throws Error when an answer was not the wanted one */
export async function runLoad(load: Load): Promise<LoadResult> {
  const generator = await readyLoad<LoadResult>('generator.ts', load);
  try {
    return await generator.run();
  } finally {
    generator.end();
  }
}

/**
 * Gets a load ready that keeps its pace whatever it is answered.
 * @param niceness of its process beyond ours: real clients do not take the server's processors
 */
export function readyPaced(load: PacedLoad, niceness: number): Promise<ReadyLoad<PacedResult>> {
  return readyLoad('pace-generator.ts', load, niceness);
}

async function readyLoad<Result>(script: string, load: Load | PacedLoad, niceness = 0): Promise<ReadyLoad<Result>> {
  const generator = forkScript(new URL(script, import.meta.url));
  if (generator.pid !== undefined) setPriority(generator.pid, Math.min(19, getPriority() + niceness));
  const end = (): void => {
    generator.kill('SIGKILL');
  };
  try {
    generator.send(load);
    await next<Result, 'ready'>(generator, 'ready');
  } catch (error) {
    end();
    throw error;
  }
  const run = async (): Promise<Result> => {
    generator.send('go');
    return (await next<Result, 'result'>(generator, 'result')).result;
  };
  return { run, end };
}

async function next<Result, T extends FromGenerator<Result>['type']>(
  generator: ReturnType<typeof forkScript>,
  type: T,
): Promise<FromGenerator<Result> & { type: T }> {
  const gone = once(generator, 'exit').then(() => {
    throw new Error('the load generator stopped');
  });
  const [message] = (await Promise.race([once(generator, 'message'), gone])) as [FromGenerator<Result>];
  if (message.type === 'failed') throw new Error(`the load failed: ${message.message}`);
  if (message.type !== type) throw new Error(`the load generator said ${message.type}, not ${type}`);
  return message as FromGenerator<Result> & { type: T };
}
