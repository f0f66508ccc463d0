import type { Limits, Workspace } from '@ringside/protocol';
import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { CliError } from '../terminal.ts';
import type { ServerFlags } from './admin-client.ts';
import { given, limit, path } from './arguments.ts';
import { CommandGroup } from './group.ts';
import { type Column, minute, showDone, showList } from './show.ts';

interface LimitFlags extends ServerFlags {
  readonly requests?: string;
  readonly keyRequests?: string;
  readonly events?: string;
}

interface CreateFlags extends LimitFlags {
  readonly name?: string;
  readonly timeZone?: string;
}

const shown = (value: number | null): string => (value === null ? 'none' : String(value));

const columns: readonly Column<Workspace>[] = [
  ['ID', ({ id }) => id],
  ['NAME', ({ name }) => name],
  ['TIME ZONE', ({ timeZone }) => timeZone],
  ['REQUESTS/S', ({ limits }) => shown(limits.requestsPerSecond)],
  ['A KEY', ({ limits }) => shown(limits.keyRequestsPerSecond)],
  ['EVENTS/S', ({ limits }) => shown(limits.eventsPerSecond)],
  ['CREATED', ({ createdAt }) => minute(createdAt)],
  ['CLOSED', ({ closedAt }) => minute(closedAt)],
];

/** `ringside workspace …`. */
export function workspaceCommands(program: Command, context: CliContext): void {
  const list = '/v1/workspaces';
  new CommandGroup(program, 'workspace', 'workspaces, one for each client', context)
    .add(
      'list',
      (command) => command.description('all that the key may know of'),
      async (client, _args, flags) => {
        const { items } = await client.get<{ items: Workspace[] }>(list);
        showList(context, flags, items, columns);
      },
    )
    .add<CreateFlags>(
      'create <id>',
      (command) =>
        withLimits(command.description('make a workspace'))
          .option('--name <name>', 'as people call it (default: its id)')
          .option('--time-zone <zone>', 'such as Asia/Kolkata (default: UTC)'),
      async (client, [id = ''], flags) => {
        const { name, timeZone } = flags;
        const made = await client.send('POST', list, { id, ...given({ name, timeZone }), limits: limitsOf(flags) });
        showDone(
          context,
          flags,
          made,
          `workspace ${id} was made; its first key: ringside key create --workspace ${id}`,
        );
      },
    )
    .add(
      'rename <id> <name>',
      (command) => command.description('call it otherwise; its id stays'),
      async (client, [id = '', name = ''], flags) => {
        showDone(
          context,
          flags,
          await client.send('PATCH', path`/v1/workspaces/${id}`, { name }),
          `${id} is ${name} now`,
        );
      },
    )
    .add<LimitFlags>(
      'limits <id>',
      (command) => withLimits(command.description('how much it may ask for a second')),
      async (client, [id = ''], flags) => {
        const limits = limitsOf(flags);
        if (Object.keys(limits).length === 0) throw new CliError('give --requests, --key-requests or --events');
        const { limits: now, ...rest } = await client.send<Workspace>('PATCH', path`/v1/workspaces/${id}`, { limits });
        const says = `${id}: requests ${shown(now.requestsPerSecond)}, of a key ${shown(now.keyRequestsPerSecond)}, events ${shown(now.eventsPerSecond)} a second`;
        showDone(context, flags, { ...rest, limits: now }, says);
      },
    )
    .add(
      'close <id>',
      (command) => command.description('let nobody in any more; the data stays'),
      async (client, [id = ''], flags) => {
        const changed = await client.send('PATCH', path`/v1/workspaces/${id}`, { closed: true });
        showDone(context, flags, changed, `${id} is closed: nobody gets in, its data stays`);
      },
    )
    .add(
      'open <id>',
      (command) => command.description('let them in again'),
      async (client, [id = ''], flags) => {
        const changed = await client.send('PATCH', path`/v1/workspaces/${id}`, { closed: false });
        showDone(context, flags, changed, `${id} is open`);
      },
    );
}

function withLimits(command: Command): Command {
  return command
    .option('--requests <n>', 'API requests of the whole workspace a second, or none')
    .option('--key-requests <n>', 'API requests of one key or person a second, or none')
    .option('--events <n>', 'events a second, by API (more is refused) and signed (more waits), or none');
}

function limitsOf({ requests, keyRequests, events }: LimitFlags): Partial<Limits> {
  const read = (text: string | undefined, flag: string) => (text === undefined ? undefined : limit(text, flag));
  return given({
    requestsPerSecond: read(requests, '--requests'),
    keyRequestsPerSecond: read(keyRequests, '--key-requests'),
    eventsPerSecond: read(events, '--events'),
  });
}
