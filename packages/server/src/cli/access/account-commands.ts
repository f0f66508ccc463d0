import type { ProviderAccount } from '@ringside/protocol';
import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { CliError } from '../terminal.ts';
import type { ServerFlags } from './admin-client.ts';
import { given, path } from './arguments.ts';
import { CommandGroup } from './group.ts';
import { type Column, minute, showDone, showList } from './show.ts';

interface AddFlags extends ServerFlags {
  readonly name?: string;
}

const columns: readonly Column<ProviderAccount>[] = [
  ['ID', ({ id }) => id],
  ['PROVIDER', ({ provider }) => provider],
  ['AUTH ID', ({ authId }) => authId],
  ['NAME', ({ name }) => name],
  ['TOKENS', ({ tokens }) => tokens.map(({ hint }) => hint).join(' ')],
  ['NEWEST', ({ tokens }) => minute(tokens[0]?.addedAt ?? null)],
  ['SET BY', ({ configured }) => (configured ? 'settings' : 'API')],
];

/** `ringside account …`. Tokens are asked for, or read from standard input. */
export function accountCommands(program: Command, context: CliContext): void {
  const list = '/v1/provider-accounts';
  const askToken = async (): Promise<string> => {
    const token = await context.terminal.ask('Auth token: ');
    if (token === '') throw new CliError('no auth token was given: type it, or write it to standard input');
    return token;
  };
  new CommandGroup(program, 'account', 'accounts at voice providers, whose callbacks are believed', context)
    .add(
      'list',
      (command) => command.description('accounts of the workspace'),
      async (client, _args, flags) => {
        const { items } = await client.get<{ items: ProviderAccount[] }>(list);
        showList(context, flags, items, columns);
      },
    )
    .add<AddFlags>(
      'add <authId>',
      (command) =>
        command
          .description('add an account; its auth token is asked for, or the next line of standard input')
          .option('--name <name>', 'as people call it'),
      async (client, [authId = ''], flags) => {
        const body = { authId, token: await askToken(), ...given({ name: flags.name }) };
        const made = await client.send<ProviderAccount>('POST', list, body);
        showDone(context, flags, made, `account ${made.id} (${authId}) was added`);
      },
    )
    .add(
      'add-token <id>',
      (command) => command.description('begin a rotation: another token counts too, and is used from now on'),
      async (client, [id = ''], flags) => {
        const changed = await client.send<ProviderAccount>('PATCH', path`/v1/provider-accounts/${id}`, {
          addToken: await askToken(),
        });
        showDone(context, flags, changed, `account ${id} has ${changed.tokens.length} tokens; all of them count`);
      },
    )
    .add(
      'drop-tokens <id>',
      (command) => command.description('end a rotation: only the newest token counts'),
      async (client, [id = ''], flags) => {
        const changed = await client.send('PATCH', path`/v1/provider-accounts/${id}`, { dropTokens: 'all-but-newest' });
        showDone(context, flags, changed, `account ${id}: only its newest token counts`);
      },
    )
    .add(
      'remove <id>',
      (command) => command.description('believe its callbacks no more'),
      async (client, [id = ''], flags) => {
        await client.send('DELETE', path`/v1/provider-accounts/${id}`);
        showDone(context, flags, { id, removed: true }, `account ${id} is removed; its callbacks are refused`);
      },
    );
}
