import { iso } from '@ringside/core';
import type { Command } from 'commander';
import { secretKeyFile } from '../../access/secret-box.ts';
import { type Config, loadConfig } from '../../config/options.ts';
import { type CliContext, withSettings } from '../context.ts';
import { duration } from '../progress.ts';
import { counted } from '../terminal.ts';
import { mustBeEmbedded } from './must-be-embedded.ts';
import { type Restored, restore } from './restore.ts';

interface RestoreFlags {
  readonly from: string;
  readonly force?: boolean;
  readonly dataDir?: string;
}

/** `ringside restore`. */
export function restoreCommand(program: Command, context: CliContext): void {
  const command = program
    .command('restore')
    .description('make a backup the store of a data folder; no server may run on it')
    .requiredOption('--from <file>', 'what ringside backup made')
    .option('--force', 'move a store that is there into a folder beside it');
  withSettings(command, ['dataDir']).action(async ({ from, force = false, dataDir: folder }: RestoreFlags) => {
    const { env, terminal, now } = context;
    const config = loadConfig(env, folder === undefined ? {} : { dataDir: folder });
    mustBeEmbedded(config, 'pg_restore, or leave DATABASE_URL out to restore an embedded store');
    const { dataDir, secretKey } = config;
    const restored = await restore({ from, dataDir, force, secretKey }, context);
    terminal.out(`${told(restored, dataDir, now())}\n`);
    for (const line of warnings(restored, config)) terminal.err(`${terminal.colors.yellow(line)}\n`);
  });
}

function told({ calls, campaigns, backedUpAt, replaced }: Restored, dataDir: string, now: number): string {
  const held = `${counted(calls, 'call')} of ${counted(campaigns, 'campaign')}`;
  const lines = [
    backedUpAt === null
      ? `Restored ${held} into ${dataDir}; when they were copied is not known`
      : `Restored ${held} into ${dataDir}, as they were on ${minute(backedUpAt)}, ${duration((now - backedUpAt) / 1000)} ago`,
    ...(replaced === null ? [] : [`What was there is kept: ${replaced}`]),
  ];
  return lines.join('\n');
}

function warnings({ erasedAgain, erasuresAreKnown, unopened }: Restored, config: Config): string[] {
  const erased = counted(erasedAgain, 'number');
  const again = erasuresAreKnown
    ? erasedAgain > 0
      ? [`${erased} that the replaced store had erased since: the server erases again when it starts.`]
      : []
    : ['Numbers that were erased since are back: erase them again.'];
  const { accounts, erasures } = unopened;
  const sealed = [
    ...(accounts > 0 ? [`tokens of ${counted(accounts, 'provider account')}`] : []),
    ...(erasures > 0 ? [counted(erasures, 'erased number')] : []),
  ].join(' and ');
  return [
    ...again,
    'Keys, share links and logins that were ended since are valid again: end them again.',
    ...(sealed === '' ? [] : [`The secret key does not fit ${sealed}: before the server starts, ${keyToPut(config)}.`]),
  ];
}

function keyToPut({ secretKey, dataDir }: Config): string {
  return secretKey === null
    ? `put the key of the backup into ${secretKeyFile(dataDir)} or RINGSIDE_SECRET_KEY`
    : 'set RINGSIDE_SECRET_KEY to the key of the backup';
}

function minute(at: number): string {
  return `${iso(at).slice(0, 16).replace('T', ' ')} UTC`;
}
