import pc from 'picocolors';
import { explain } from '../cli/give-up.ts';
import { runCli } from '../cli/run-cli.ts';
import { CliError } from '../cli/terminal.ts';

/** What a command printed, and how it ended. */
export interface CliRun {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process, as `main` does. @param input lines of standard input */
export async function cli(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input: readonly string[] = [],
): Promise<CliRun> {
  let out = '';
  let err = '';
  const lines = [...input];
  const terminal = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    colors: pc.createColors(false),
    isWatched: false,
    isAsked: false,
    ask: async () => lines.shift() ?? '',
    confirm: async (question: string) => {
      err += `${question}\n`;
      const line = lines.shift();
      if (line === undefined) throw new CliError('nobody can be asked here: give --yes');
      return line === 'y';
    },
  };
  try {
    const code = await runCli(argv, { env, terminal, now: Date.now });
    return { code, out, err };
  } catch (error) {
    return { code: 1, out, err: `${err}ringside: ${explain(error)}\n` };
  }
}
