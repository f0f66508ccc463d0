import { iso } from '@ringside/core';
import { CampaignId, Country, isTimeZone } from '@ringside/protocol';
import { type Command, Option } from 'commander';
import { type Config, type Flags, loadConfig } from '../../config/options.ts';
import { DEFAULT_WORKSPACE } from '../../store/limits.ts';
import { type CliContext, withSettings } from '../context.ts';
import { keyFileOption, keyOf } from '../key-file.ts';
import { duration } from '../progress.ts';
import { givenAddress } from '../server-address.ts';
import { CliError, counted, grouped, type Terminal } from '../terminal.ts';
import { dryRun } from './dry-run.ts';
import { fieldNames, parseMapping } from './fields.ts';
import { type ImportPlan, type ImportResult, importFile } from './import-file.ts';
import type { Format } from './read-rows.ts';
import { RowClock } from './row-time.ts';
import { type ImportTarget, serverTarget, storeTarget } from './target.ts';

interface ImportFlags extends Flags {
  readonly campaign?: string;
  readonly name?: string;
  readonly country?: string;
  readonly completed?: boolean;
  readonly format?: Format;
  readonly map?: readonly string[];
  readonly zone?: string;
  readonly dryRun?: boolean;
  readonly resume?: boolean;
  readonly url?: string;
  readonly keyFile?: string;
}

const STOPPED = 130;

/** `ringside import`. */
export function importCommand(program: Command, context: CliContext): void {
  const command = program
    .command('import <file>')
    .description('take past calls into a campaign, from CSV or NDJSON')
    .option('--campaign <id>', 'campaign of all rows; left out, each row names its own')
    .option('--name <name>', 'register the campaign under this name')
    .option('--country <code>', 'with --name: country of numbers written without one, such as IN')
    .option('--completed', 'the campaign is over: it was completed with its last call')
    .addOption(new Option('--format <format>', 'left out, the file shows it').choices(['csv', 'ndjson']))
    .option('--map <field=column...>', `columns of fields that are not found by themselves: ${fieldNames.join(', ')}`)
    .option('--zone <zone>', 'zone of times that name none, such as Asia/Kolkata (default: PLIVO_TIMEZONE)')
    .option('--dry-run', 'check everything, show what would be stored, write nothing')
    .option('--resume', 'go on where the last import of this file stopped')
    .option(
      '--url <url>',
      'a running server (or RINGSIDE_URL); without one the data folder is written, and no server may run on it',
    )
    .option(...keyFileOption);
  withSettings(command, ['dataDir']).action((path: string, flags: ImportFlags) => runImport(path, flags, context));
}

async function runImport(path: string, flags: ImportFlags, context: CliContext) {
  const { env, terminal, now, exitWith } = context;
  const { dataDir } = flags;
  const config = loadConfig(env, dataDir === undefined ? {} : { dataDir });
  const plan = planOf(path, flags, config);
  if (flags.dryRun) {
    const { good } = await dryRun(plan, terminal, now());
    return exitWith(good > 0 ? 0 : 1);
  }
  const target = await openTarget(flags, config, context);
  const { signal, release } = stopSignal();
  try {
    const result = await importFile(plan, target, { terminal, now, signal });
    terminal.out(summary(result, terminal));
    exitWith(result.stopped ? STOPPED : result.counts.imported + result.counts.unchanged > 0 ? 0 : 1);
  } finally {
    release();
    await target.close();
  }
}

function planOf(path: string, flags: ImportFlags, config: Config): ImportPlan {
  const { campaign: id = null, name, country, map = [], completed = false, resume = false } = flags;
  if (id !== null && !CampaignId.safeParse(id).success)
    throw new CliError('--campaign must be 1 to 128 of A-Z a-z 0-9 . _ : -');
  if (id === null && (name !== undefined || completed)) throw new CliError('--name and --completed need --campaign');
  if (country !== undefined && (name === undefined || !Country.safeParse(country).success))
    throw new CliError('--country must be a country code such as IN, and needs --name');
  const zone = flags.zone ?? config.plivoTimeZone;
  return {
    path,
    format: flags.format ?? null,
    rows: { campaignId: id, clock: clockOf(zone), zoneIsGiven: flags.zone !== undefined },
    zone,
    mapping: parseMapping(map),
    campaign:
      id === null || name === undefined
        ? null
        : { id, name, dialer: 'external', ...(country === undefined ? {} : { defaultCountry: country }) },
    completed,
    resume,
  };
}

function clockOf(zone: string): RowClock {
  if (!isTimeZone(zone)) throw new CliError('--zone must be an IANA time zone such as Asia/Kolkata');
  return new RowClock(zone);
}

async function openTarget(flags: ImportFlags, config: Config, context: CliContext): Promise<ImportTarget> {
  const { url, dataDir, keyFile } = flags;
  // A folder on the command line wins over a server of the environment.
  const base = url === undefined && dataDir !== undefined ? null : givenAddress(url, context);
  return base === null ? storeTarget(config, DEFAULT_WORKSPACE) : serverTarget(base, await keyOf(keyFile, context));
}

/** The first Ctrl-C lets the batch at hand finish, so that --resume goes on exactly there; a second one ends at once. */
function stopSignal(): { signal: AbortSignal; release: () => void } {
  const stop = new AbortController();
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(STOPPED);
    stop.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  const release = (): void => {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  };
  return { signal: stop.signal, release };
}

function summary({ counts, rows: ofRun, seconds, rejects, stopped }: ImportResult, { colors }: Terminal): string {
  const { rows, imported, unchanged, bad, firstAt, lastAt } = counts;
  const day = (at: number): string => iso(at).slice(0, 16).replace('T', ' ');
  const rate = grouped(Math.round(ofRun / Math.max(seconds, 0.001)));
  const lines = [
    `${counted(rows, 'row')} in ${duration(seconds)} (${rate}/s): ${colors.green(`${grouped(imported)} imported`)}, ${grouped(unchanged)} known already, ${grouped(bad)} bad`,
    ...(firstAt !== null && lastAt !== null ? [`Calls from ${day(firstAt)} to ${day(lastAt)} UTC`] : []),
    ...(rejects !== null ? [colors.yellow(`Bad rows with their reasons: ${rejects}`)] : []),
    ...(stopped ? ['Stopped before the end; go on with --resume'] : []),
  ];
  return `${lines.join('\n')}\n`;
}
