import type { Campaign } from '@ringside/protocol';
import { type Command, Option } from 'commander';
import type { AdminClient } from '../access/admin-client.ts';
import { path } from '../access/arguments.ts';
import { CommandGroup } from '../access/group.ts';
import { showDone } from '../access/show.ts';
import type { CliContext } from '../context.ts';
import { CliError, counted, grouped } from '../terminal.ts';
import { type CampaignFlags, campaignOf } from './campaign-flags.ts';
import { controlCommands } from './control-commands.ts';
import { previewList, previewText, uploadList } from './send-list.ts';

interface CreateFlags extends CampaignFlags {
  readonly map?: string;
  readonly start?: boolean;
  readonly yes?: boolean;
  readonly rejects?: string;
}

/** `ringside campaign …`. */
export function campaignCommands(program: Command, context: CliContext): void {
  const group = new CommandGroup(program, 'campaign', 'campaigns: make them, upload contacts, start and stop', context);
  group.add<CreateFlags>('create <file>', describeCreate, async (client, [file = ''], flags) => {
    await create(client, file, { flags, context });
  });
  controlCommands(group, context);
}

function describeCreate(command: Command): Command {
  return command
    .description('make a campaign that Ringside dials, with the contacts of a CSV, NDJSON or JSON file')
    .option('--id <id>', 'names the campaign')
    .option('--name <name>', 'as people call it')
    .option('--caller-id <numbers...>', 'numbers that calls show, taken in turn')
    .option('--account <id>', 'provider account (default: the first of the workspace)')
    .option('--answer-url <url>', 'what an answered call does')
    .option('--answer-xml <path>', 'file with what it does, served by Ringside')
    .addOption(new Option('--machine-detection <how>', 'of answering machines').choices(['off', 'detect', 'hangup']))
    .option('--ring-timeout <time>', 'how long it rings, such as 45s')
    .option('--cps <n>', 'calls started per second')
    .option('--concurrency <n>', 'calls at the same time')
    .option('--retry <attempts:delay>', 'such as 3:30m')
    .option('--retry-on <outcome=attempts:delay...>', 'otherwise after some outcomes, such as busy=5:10m')
    .option('--window <hours...>', 'when to call, such as "mon-fri 09:00-18:00"')
    .addOption(new Option('--window-zone <whose>', 'whose clock that is').choices(['campaign', 'contact']))
    .option('--holiday <dates...>', 'days without calls, such as 2026-12-25')
    .option('--timezone <zone>', 'of the campaign, such as Asia/Kolkata')
    .option('--country <code>', 'of numbers written without one, such as IN')
    .option('--deadline <instant>', 'nothing is called after it')
    .option(
      '--map <column:target,...>',
      'what columns are: number, contactId, timezone, attribute, or - to leave one out',
    )
    .option('--rejects <path>', 'CSV to be written with every row that was left out')
    .option('--start', 'start dialing as soon as all is there')
    .option('--yes', 'do not ask');
}

interface Asked {
  readonly flags: CreateFlags;
  readonly context: CliContext;
}

async function create(client: AdminClient, file: string, { flags, context }: Asked): Promise<void> {
  const { terminal } = context;
  const wanted = campaignOf(flags);
  const { id } = wanted;
  await client.send<Campaign>('POST', '/v1/campaigns', wanted);
  const list = { file, campaignId: id, map: flags.map };
  const preview = await previewList(client, list, context);
  terminal.err(previewText(preview));
  if (preview.accepted === 0) throw new CliError(`no row can be called; campaign ${id} is there, without contacts`);
  const does = flags.start ? 'upload and start dialing' : 'upload';
  if (!flags.yes && !(await terminal.confirm(`${does} ${counted(preview.accepted, 'contact')}?`))) {
    terminal.err(`nothing was uploaded; campaign ${id} is there, without these contacts\n`);
    return context.exitWith(1);
  }
  const answer = await uploadList(client, list, { context, rejects: flags.rejects });
  if (flags.start) await client.send('POST', path`/v1/campaigns/${id}/start`, {});
  const { accepted, rejected, totalCalls } = answer;
  const skipped = rejected === 0 ? '' : `, ${grouped(rejected)} skipped`;
  const state = flags.start ? 'it is dialing' : `start it with: ringside campaign start ${id}`;
  const says = `${id}: ${counted(accepted, 'contact')} added${skipped}, ${grouped(totalCalls)} on the list; ${state}`;
  showDone(context, flags, answer, says);
}
