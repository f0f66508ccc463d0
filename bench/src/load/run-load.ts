import { once } from 'node:events';
import { forkScript } from '../lib/fork-script.ts';
import type { FromGenerator, Load, LoadResult } from './load.ts';

/** Runs one load from a process of its own. @throws Error when an answer was not the wanted one */
export async function runLoad(load: Load): Promise<LoadResult> {
  const generator = forkScript(new URL('./generator.ts', import.meta.url));
  try {
    generator.send(load);
    await next(generator, 'ready');
    generator.send('go');
    return (await next(generator, 'result')).result;
  } finally {
    generator.kill('SIGKILL');
  }
}

async function next<T extends FromGenerator['type']>(
  generator: ReturnType<typeof forkScript>,
  type: T,
): Promise<FromGenerator & { type: T }> {
  const gone = once(generator, 'exit').then(() => {
    throw new Error('the load generator stopped');
  });
  const [message] = (await Promise.race([once(generator, 'message'), gone])) as [FromGenerator];
  if (message.type === 'failed') throw new Error(`the load failed: ${message.message}`);
  if (message.type !== type) throw new Error(`the load generator said ${message.type}, not ${type}`);
  return message as FromGenerator & { type: T };
}
