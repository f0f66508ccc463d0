import type { Command } from 'commander';
import { type Config, flagSettings } from '../config/options.ts';
import type { Terminal } from './terminal.ts';

/** What every command is given. */
export interface CliContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Sets the exit code of the program. */
  readonly exitWith: (code: number) => void;
}

/** Gives a command the flags of the options table. */
export function withSettings(command: Command, only?: readonly (keyof Config)[]): Command {
  for (const { name, flag, meaning } of flagSettings()) {
    if (only === undefined || only.includes(name)) command.option(`${flag} <value>`, meaning);
  }
  return command;
}
