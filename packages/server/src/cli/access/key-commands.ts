import { type ApiKey, type ApiKeyMade, Permission, Role } from '@ringside/protocol';
import { type Command, Option } from 'commander';
import type { CliContext } from '../context.ts';
import type { ServerFlags } from './admin-client.ts';
import { duration, given, path, query } from './arguments.ts';
import { CommandGroup } from './group.ts';
import { type Column, minute, showDone, showList, showSecret } from './show.ts';

interface KeyFlags extends ServerFlags {
  readonly workspace?: string;
}

interface CreateFlags extends KeyFlags {
  readonly role: Role;
  readonly scopes?: readonly Permission[];
  readonly expires?: string;
}

interface RotateFlags extends KeyFlags {
  readonly grace: string;
}

/** `ringside key …`. */
export function keyCommands(program: Command, context: CliContext): void {
  const inWorkspace = (command: Command) =>
    command.option('--workspace <id>', 'another workspace than that of the key which asks');

  new CommandGroup(program, 'key', 'API keys: what may be done with them, and until when', context)
    .add<KeyFlags>(
      'list',
      (command) => inWorkspace(command.description('keys of a workspace, revoked ones too')),
      async (client, _args, flags) => {
        const { items } = await client.get<{ items: ApiKey[] }>(`/v1/keys${query({ workspace: flags.workspace })}`);
        showList(context, flags, items, columnsAt(context.now()));
      },
    )
    .add<CreateFlags>(
      'create <name>',
      (command) =>
        inWorkspace(command.description('make a key; it is shown only now'))
          .addOption(new Option('--role <role>', 'the most it may do').choices(Role.options).default('viewer'))
          .addOption(new Option('--scopes <scopes...>', 'of that only these').choices(Permission.options))
          .option('--expires <time>', 'such as 90d or 12h (default: never)'),
      async (client, [name = ''], flags) => {
        const { role, scopes, workspace } = flags;
        const expiresInSeconds = flags.expires === undefined ? undefined : duration(flags.expires, '--expires');
        const body = { name, role, ...given({ scopes, workspace, expiresInSeconds }) };
        const made = await client.send<ApiKeyMade>('POST', '/v1/keys', body);
        showSecret(context, flags, made, { secret: made.key, says: `key ${made.id} with role ${role}` });
      },
    )
    .add<RotateFlags>(
      'rotate <id>',
      (command) =>
        inWorkspace(command.description('another key in its place, with the same rights')).option(
          '--grace <time>',
          'how long the old one still works, such as 24h',
          '0s',
        ),
      async (client, [id = ''], flags) => {
        const url = `${path`/v1/keys/${id}/rotate`}${query({ workspace: flags.workspace })}`;
        const graceSeconds = duration(flags.grace, '--grace');
        const made = await client.send<ApiKeyMade>('POST', url, { graceSeconds });
        const old = graceSeconds === 0 ? 'which is revoked' : `which works for ${flags.grace} more`;
        showSecret(context, flags, made, { secret: made.key, says: `key ${made.id} in the place of ${id}, ${old}` });
      },
    )
    .add<KeyFlags>(
      'revoke <id>',
      (command) => inWorkspace(command.description('end a key and every connection that it opened, at once')),
      async (client, [id = ''], flags) => {
        await client.send('DELETE', `${path`/v1/keys/${id}`}${query({ workspace: flags.workspace })}`);
        showDone(context, flags, { id, revoked: true }, `key ${id} is revoked`);
      },
    );
}

function columnsAt(now: number): readonly Column<ApiKey>[] {
  return [
    ['ID', ({ id }) => id],
    ['NAME', ({ name }) => name],
    ['BEGINS', ({ prefix }) => prefix],
    ['ROLE', ({ role }) => role],
    ['SCOPES', ({ scopes }) => scopes?.join(',') ?? 'all'],
    ['CREATED', ({ createdAt }) => minute(createdAt)],
    ['LAST USED', ({ lastUsedAt }) => minute(lastUsedAt)],
    ['STATE', (key) => stateOf(key, now)],
  ];
}

function stateOf({ revokedAt, expiresAt }: ApiKey, now: number): string {
  if (revokedAt !== null) return `revoked ${minute(revokedAt)}`;
  if (expiresAt === null) return 'valid';
  return `${Date.parse(expiresAt) <= now ? 'expired' : 'valid until'} ${minute(expiresAt)}`;
}
