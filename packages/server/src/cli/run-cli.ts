import { Command, CommanderError } from 'commander';
import { configHelp, type Flags, loadConfig } from '../config/options.ts';
import { accountCommands } from './access/account-commands.ts';
import { auditCommand } from './access/audit-command.ts';
import { keyCommands } from './access/key-commands.ts';
import { shareCommands } from './access/share-commands.ts';
import { workspaceCommands } from './access/workspace-commands.ts';
import { backupCommand } from './backup/backup-command.ts';
import { restoreCommand } from './backup/restore-command.ts';
import { campaignCommands } from './campaign/command.ts';
import { type CliContext, withSettings } from './context.ts';
import { doctorCommand } from './doctor/command.ts';
import { importCommand } from './import/command.ts';
import { migrateCommand } from './migrate/command.ts';
import { migrateStoreCommand } from './migrate-store/command.ts';
import { serve } from './serve.ts';
import { spoolCommand } from './spool/command.ts';
import { CliError } from './terminal.ts';

/**
 * Does what a command line asks. Without a command it starts the server.
 * @param argv the arguments after the name of the program
 * @returns the exit code, `null` while a server goes on running
 */
export async function runCli(argv: readonly string[], context: Omit<CliContext, 'exitWith'>): Promise<number | null> {
  let exitCode: number | null = 0;
  const program = new Command('ringside')
    .description('Ringside: live reports of outbound call campaigns')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: false })
    .configureOutput({ writeOut: context.terminal.out, writeErr: () => {} })
    .addHelpText('after', `\nSettings (environment, or flag, which wins):\n${configHelp()}`)
    .exitOverride();
  withSettings(program.command('serve', { isDefault: true }))
    .description('start the server; so does no command at all')
    .allowExcessArguments()
    .action((flags: Flags, command: Command) => {
      refuseWords(program, command.args);
      exitCode = null;
      return serve(loadConfig(context.env, flags));
    });
  const full: CliContext = {
    ...context,
    exitWith: (code) => {
      exitCode = code;
    },
  };
  doctorCommand(program, full);
  importCommand(program, full);
  migrateCommand(program, full);
  migrateStoreCommand(program, full);
  backupCommand(program, full);
  restoreCommand(program, full);
  campaignCommands(program, full);
  workspaceCommands(program, full);
  keyCommands(program, full);
  shareCommands(program, full);
  accountCommands(program, full);
  auditCommand(program, full);
  spoolCommand(program, full);
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    throw error;
  }
  return exitCode;
}

function refuseWords(program: Command, [word]: readonly string[]): void {
  if (word === undefined) return;
  if (program.commands.some((command) => command.name() === word))
    throw new CliError(`the command comes first: ringside ${word} …`);
  throw new CliError(`there is no command ${word}: see ringside --help`);
}
