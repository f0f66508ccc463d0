import { createInterface } from 'node:readline/promises';
import pc from 'picocolors';
import { secretReader } from './read-secret.ts';

/** What the command line is connected to. */
export interface Terminal {
  /** Text of the result. */
  readonly out: (text: string) => void;
  /** Progress and complaints. */
  readonly err: (text: string) => void;
  readonly colors: Colors;
  /** Whether somebody watches: only then is progress drawn. */
  readonly isWatched: boolean;
  /** Whether a person would be asked. */
  readonly isAsked: boolean;
  /** Asks a person for a secret, which is not shown while they type; else takes the next line of standard input. */
  readonly ask: (question: string) => Promise<string>;
  /** Asks a person yes or no. @throws CliError where nobody can be asked */
  readonly confirm: (question: string) => Promise<boolean>;
}

export type Colors = ReturnType<typeof pc.createColors>;

/** The terminal of this process. Colours only where somebody reads them. */
export function processTerminal(): Terminal {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    colors: pc.createColors(process.stdout.isTTY === true && pc.isColorSupported),
    isWatched: process.stderr.isTTY === true,
    isAsked: process.stdin.isTTY === true,
    ask: secretReader(process.stdin, process.stderr),
    confirm: confirmer(process.stdin, process.stderr),
  };
}

function confirmer(input: NodeJS.ReadStream, output: NodeJS.WriteStream): Terminal['confirm'] {
  return async (question) => {
    if (!input.isTTY) throw new CliError('nobody can be asked here: give --yes');
    const asking = createInterface({ input, output });
    try {
      return /^y(es)?$/i.test((await asking.question(`${question} [y/N] `)).trim());
    } finally {
      asking.close();
    }
  };
}

/** What cannot be done, in one line for the operator. */
export class CliError extends Error {
  override readonly name = 'CliError';
}

/** `1234567` as `1,234,567`. */
export function grouped(n: number): string {
  return n.toLocaleString('en-US');
}

/** `1 call`, `1,234 calls`. */
export function counted(n: number, noun: string): string {
  return `${grouped(n)} ${noun}${n === 1 ? '' : 's'}`;
}

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

/** `1.5 GB`, `23 MB`, `0.4 MB`. */
export function sized(bytes: number): string {
  if (bytes >= GIB) return `${(bytes / GIB).toFixed(1)} GB`;
  return `${(bytes / MIB).toFixed(bytes >= 10 * MIB ? 0 : 1)} MB`;
}
