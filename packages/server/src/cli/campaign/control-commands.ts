import type { Campaign, CommandPreview, Pace } from '@ringside/protocol';
import type { Command } from 'commander';
import type { AdminClient, ServerFlags } from '../access/admin-client.ts';
import { duration, given, path } from '../access/arguments.ts';
import type { CommandGroup } from '../access/group.ts';
import { showDone } from '../access/show.ts';
import type { CliContext } from '../context.ts';
import { CliError } from '../terminal.ts';
import { paceOf } from './campaign-flags.ts';

interface ControlFlags extends ServerFlags {
  readonly reason?: string;
  readonly yes?: boolean;
  readonly at?: string;
  readonly for?: string;
  readonly until?: string;
  readonly hangUp?: boolean;
}

interface PaceFlags extends ServerFlags {
  readonly cps?: string;
  readonly concurrency?: string;
  readonly yes?: boolean;
}

/** What is said of a command once it was obeyed. */
const said = {
  start: 'started',
  pause: 'paused: live calls finish, no new ones start',
  resume: 'resumed',
  cancel: 'cancelled',
} as const;

type Name = keyof typeof said;

/** `start`, `pause`, `resume`, `cancel` and `pace` of `ringside campaign`: each shows first what it would come to. */
export function controlCommands(group: CommandGroup, context: CliContext): void {
  const add = (name: Name, description: string, more: (command: Command) => Command) =>
    group.add<ControlFlags>(
      `${name} <id>`,
      (command) =>
        more(command.description(description).option('--reason <text>', 'kept in the timeline')).option(
          '--yes',
          'do not ask',
        ),
      (client, [id = ''], flags) => obey(client, id, { name, flags, context }),
    );
  const hangUp = '--hang-up';
  add('start', 'start dialing', (command) => command.option('--at <instant>', 'later, by itself'));
  add('pause', 'start no more calls', (command) =>
    command
      .option('--for <time>', 'resume by itself, such as after 15m')
      .option('--until <instant>', 'resume by itself then')
      .option(hangUp, 'end live calls too'),
  );
  add('resume', 'go on', (command) => command);
  add('cancel', 'end it for good', (command) => command.option(hangUp, 'end live calls too'));
  group.add<PaceFlags>(
    'pace <id>',
    (command) =>
      command
        .description('change how fast it dials, at once')
        .option('--cps <n>', 'calls started per second')
        .option('--concurrency <n>', 'calls at the same time')
        .option('--yes', 'do not ask'),
    (client, [id = ''], flags) => changePace(client, id, { flags, context }),
  );
}

interface Wanted<Flags> {
  readonly flags: Flags;
  readonly context: CliContext;
}

async function obey(
  client: AdminClient,
  id: string,
  { name, flags, context }: Wanted<ControlFlags> & { readonly name: Name },
) {
  const { reason, at, until, hangUp } = flags;
  const forSeconds = flags.for === undefined ? undefined : duration(flags.for, '--for');
  const body = given({ reason, at, until, forSeconds, hangUp });
  const url = `${path`/v1/campaigns/${id}`}/${name}`;
  const preview = await client.send<CommandPreview>('POST', `${url}?preview=1`, body);
  if (!preview.allowed) throw new CliError(preview.message);
  await mustAgree(context, flags, `${preview.message}\n${name} ${id}?`);
  const answer = await client.send('POST', url, body);
  showDone(context, flags, answer, `${id} is ${said[name]}`);
}

async function changePace(client: AdminClient, id: string, { flags, context }: Wanted<PaceFlags>): Promise<void> {
  const change = paceOf(flags);
  if (!change) throw new CliError('give --cps or --concurrency');
  const url = path`/v1/campaigns/${id}`;
  const before = (await client.get<Campaign>(url)).pace ?? {};
  // What is not named stays: a pace is declared as a whole.
  const pace: Pace = { ...before, ...change };
  await mustAgree(context, flags, `${paceText(before)} → ${paceText(pace)}\nchange the pace of ${id}?`);
  const answer = await client.send('PATCH', url, { pace });
  showDone(context, flags, answer, `${id} dials with ${paceText(pace)}`);
}

async function mustAgree(
  { terminal }: CliContext,
  { yes }: { readonly yes?: boolean },
  question: string,
): Promise<void> {
  const [says = '', asks = ''] = question.split('\n');
  terminal.err(`${says}\n`);
  if (!yes && !(await terminal.confirm(asks))) throw new CliError('nothing was changed');
}

function paceText({ callsPerSecond, concurrency }: Pace): string {
  return `${callsPerSecond ?? 'any number of'} calls per second, ${concurrency ?? 'any number'} at a time`;
}
