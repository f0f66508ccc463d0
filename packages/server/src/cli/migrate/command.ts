import type { Command } from 'commander';
import { loadConfig } from '../../config/options.ts';
import type { CliContext } from '../context.ts';
import { CliError } from '../terminal.ts';

interface MigrateFlags {
  readonly check?: boolean;
  readonly distributed?: boolean;
}

/** `ringside migrate`. */
export function migrateCommand(program: Command, { env, terminal, exitWith }: CliContext): void {
  program
    .command('migrate')
    .description('bring the PostgreSQL of DATABASE_URL up to date, as the start of a server does')
    .option('--check', 'only tell what there is to do; the exit code is 1 when there is something')
    .option('--distributed', 'spread the tables over a Citus cluster, those that are not yet')
    .action(async ({ check = false, distributed = false }: MigrateFlags) => {
      const { databaseUrl } = loadConfig(env);
      if (databaseUrl === '') {
        throw new CliError('DATABASE_URL is not set: the embedded store is brought up to date when its server starts');
      }
      // PostgreSQL's driver is loaded only where it is used.
      const { checkSchema, runMigrations } = await import('./run-migrations.ts');
      if (!check) return terminal.out(await runMigrations(databaseUrl, distributed));
      const { isCurrent, says } = await checkSchema(databaseUrl);
      terminal.out(says);
      exitWith(isCurrent ? 0 : 1);
    });
}
