import type { Command } from 'commander';
import { type Flags, loadConfig } from '../../config/options.ts';
import { type CliContext, withSettings } from '../context.ts';
import { CliError } from '../terminal.ts';
import { openSource } from './source.ts';

interface MoveFlags extends Flags {
  readonly from: string;
  readonly to?: string;
  readonly verifyOnly?: boolean;
}

/** `ringside migrate-store`. */
export function migrateStoreCommand(program: Command, context: CliContext): void {
  withSettings(
    program
      .command('migrate-store')
      .description('move an embedded store into an empty PostgreSQL database; run it again to go on where it stopped')
      .option('--from <store>', 'sqlite for the store in RINGSIDE_DATA, or the path of a data folder', 'sqlite')
      .option(
        '--to <url>',
        'postgres://…; better leave it out and set DATABASE_URL: command lines are seen by everybody',
      )
      .option('--verify-only', 'compare a store that was moved with the one it came from; before servers use it'),
    ['dataDir'],
  ).action(async ({ from, to, verifyOnly = false, ...flags }: MoveFlags) => {
    const { env } = context;
    const config = loadConfig({ ...env, ...(to ? { DATABASE_URL: to } : {}) }, flags);
    if (config.databaseUrl === '') throw new CliError('name the database with DATABASE_URL, or with --to');
    if (/^postgres(ql)?:/.test(from)) throw new CliError('--from must be sqlite, or the path of a data folder');
    const source = openSource(from === 'sqlite' ? config.dataDir : from);
    try {
      // PostgreSQL's driver is loaded only where it is used.
      const { runMove } = await import('./run-move.ts');
      await runMove(source, { config, verifyOnly }, context);
    } finally {
      source.close();
    }
  });
}
