import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { secretKeyFile } from '../../access/secret-box.ts';
import { type Config, loadConfig } from '../../config/options.ts';
import { type CliContext, withSettings } from '../context.ts';
import { CliError, counted, grouped, sized } from '../terminal.ts';
import { type Backup, backUp } from './back-up.ts';
import { mustBeEmbedded } from './must-be-embedded.ts';

interface BackupFlags {
  readonly to: string;
  readonly force?: boolean;
  readonly withSecretKey?: boolean;
  readonly dataDir?: string;
}

/** `ringside backup`. */
export function backupCommand(program: Command, context: CliContext): void {
  const command = program
    .command('backup')
    .description('copy the embedded store as it is at one moment; the server may run')
    .requiredOption('--to <path>', 'file to make, or folder in which one is made that is named after the time')
    .option('--force', 'replace a file that is there')
    .option('--with-secret-key', 'copy secret.key of the data folder beside it: both together open provider tokens');
  withSettings(command, ['dataDir']).action(async ({ to, force = false, ...flags }: BackupFlags) => {
    const { env, terminal } = context;
    const config = loadConfig(env, flags.dataDir === undefined ? {} : { dataDir: flags.dataDir });
    mustBeEmbedded(config, 'pg_dump, or leave DATABASE_URL out to copy the embedded store');
    const withSecretKey = flags.withSecretKey ?? false;
    if (withSecretKey) mustHaveKeyFile(config);
    const made = await backUp({ dataDir: config.dataDir, to, force, withSecretKey }, context);
    terminal.out(`${told(made)}\n`);
    const key = aboutKey(config, made);
    if (key !== null) terminal.err(`${terminal.colors.yellow(key)}\n`);
  });
}

function told({ calls, campaigns, lastDelivery, file, bytes, seconds }: Backup): string {
  const held = `${counted(calls, 'call')} of ${counted(campaigns, 'campaign')}, up to delivery ${grouped(lastDelivery)}`;
  return `Backed up ${held}: ${file}, ${sized(bytes)} in ${seconds.toFixed(1)} s`;
}

/** Without its key a backup has no provider tokens, and does not know erased numbers when they come up again. */
function aboutKey({ secretKey, dataDir }: Config, { keyFile }: Backup): string | null {
  const lost = 'provider tokens cannot be opened without it, and erased numbers are not known again';
  if (keyFile !== null) return `The secret key lies beside it: ${keyFile}. Better keep it apart.`;
  if (secretKey !== null) return `RINGSIDE_SECRET_KEY is not in it; keep that too: ${lost}.`;
  const path = secretKeyFile(dataDir);
  return existsSync(path) ? `${path} is not in it; keep that too (or --with-secret-key): ${lost}.` : null;
}

function mustHaveKeyFile({ secretKey, dataDir }: Config): void {
  if (secretKey !== null)
    throw new CliError('the secret key is the setting RINGSIDE_SECRET_KEY, not a file: keep it with your settings');
  const path = secretKeyFile(dataDir);
  if (!existsSync(path)) throw new CliError(`there is no ${path}: leave out --with-secret-key`);
}
