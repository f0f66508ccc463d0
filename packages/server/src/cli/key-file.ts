import { readFileSync } from 'node:fs';
import type { CliContext } from './context.ts';
import { CliError } from './terminal.ts';

const STDIN = '-';

/** How a command is given an API key. A key is no flag: everybody on a machine reads command lines. */
export const keyFileOption = [
  '--key-file <path>',
  'file with an API key, - for the first line of standard input (or RINGSIDE_KEY, RINGSIDE_ADMIN_KEY)',
] as const;

/**
 * The key of a file or of the environment, else what a person types.
 * @throws CliError where there is none
 */
export async function keyOf(keyFile: string | undefined, context: CliContext): Promise<string> {
  const { terminal } = context;
  const key = (await givenKey(keyFile, context)) || (terminal.isAsked ? await terminal.ask('API key: ') : '');
  if (!key) throw new CliError('an API key is needed: set RINGSIDE_KEY, or give --key-file');
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new CliError('the API key holds characters that no key has: is it another file?');
  return key;
}

/** The key of a file or of the environment, `null` where neither has one. */
export async function givenKey(
  keyFile: string | undefined,
  { env, terminal }: Pick<CliContext, 'env' | 'terminal'>,
): Promise<string | null> {
  if (keyFile === STDIN) return terminal.ask('API key: ');
  if (keyFile === undefined) return env.RINGSIDE_KEY || env.RINGSIDE_ADMIN_KEY || null;
  try {
    return readFileSync(keyFile, 'utf8').trim();
  } catch (error) {
    throw new CliError(`--key-file cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
