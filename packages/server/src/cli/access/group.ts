import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { CliError } from '../terminal.ts';
import { type AdminClient, adminClient, type ServerFlags, withServer } from './admin-client.ts';

/** What a command does, once it knows whom to ask. */
export type Act<Flags extends ServerFlags> = (
  client: AdminClient,
  args: readonly string[],
  flags: Flags,
) => Promise<void>;

/** A word such as `key`, under which commands lie that all speak to a running server. */
export class CommandGroup {
  readonly #group: Command;
  readonly #context: CliContext;

  constructor(program: Command, name: string, description: string, context: CliContext) {
    this.#context = context;
    this.#group = program
      .command(name)
      .description(description)
      .allowExcessArguments()
      .allowUnknownOption()
      .helpCommand(false);
    this.#group.action((_flags, { args }: Command) => {
      const known = this.#group.commands.map((command) => command.name()).join('|');
      const [word] = args.filter((arg) => !arg.startsWith('-'));
      throw new CliError(`${word === undefined ? '' : `there is no ${name} ${word}; `}use: ringside ${name} ${known}`);
    });
  }

  /**
   * @param usage the command's name and arguments
   * @param describe adds its own flags
   */
  add<Flags extends ServerFlags>(usage: string, describe: (command: Command) => Command, act: Act<Flags>): this {
    runWithServer(describe(this.#group.command(usage)), this.#context, act);
    return this;
  }
}

/** Lets a command speak to a running server. */
export function runWithServer<Flags extends ServerFlags>(command: Command, context: CliContext, act: Act<Flags>): void {
  withServer(command).action(async (...all: unknown[]) => {
    const flags = all.at(-2) as Flags;
    const args = (all.slice(0, -2) as (string | undefined)[]).filter((arg) => arg !== undefined);
    await act(await adminClient(flags, context), args, flags);
  });
}
