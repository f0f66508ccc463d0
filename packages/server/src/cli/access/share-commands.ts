import type { ShareLink, ShareLinkMade } from '@ringside/protocol';
import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import type { ServerFlags } from './admin-client.ts';
import { duration, given, path } from './arguments.ts';
import { CommandGroup } from './group.ts';
import { type Column, minute, showDone, showList, showSecret } from './show.ts';

interface CreateFlags extends ServerFlags {
  readonly name?: string;
  readonly expires: string;
}

/** `ringside share …`. */
export function shareCommands(program: Command, context: CliContext): void {
  const list = '/v1/share-links';
  new CommandGroup(program, 'share', 'read-only links to a campaign or the overview, with masked numbers', context)
    .add(
      'list',
      (command) => command.description('links of the workspace, ended ones too'),
      async (client, _args, flags) => {
        const { items } = await client.get<{ items: ShareLink[] }>(list);
        showList(context, flags, items, columnsAt(context.now()));
      },
    )
    .add<CreateFlags>(
      'create [campaign]',
      (command) =>
        command
          .description('make a link; without a campaign it shows the overview')
          .option('--name <name>', 'whom or what it is for')
          .option('--expires <time>', 'such as 7d or 12h', '7d'),
      async (client, [campaignId], flags) => {
        const expiresInSeconds = duration(flags.expires, '--expires');
        const made = await client.send<ShareLinkMade>('POST', list, {
          expiresInSeconds,
          ...given({ campaignId, name: flags.name }),
        });
        const says = `link ${made.id} to ${campaignId ?? 'the overview'}, until ${minute(made.expiresAt)} UTC`;
        showSecret(context, flags, made, { secret: made.url, says });
      },
    )
    .add(
      'end <id>',
      (command) => command.description('end a link and whatever it shows now, at once'),
      async (client, [id = ''], flags) => {
        await client.send('DELETE', path`/v1/share-links/${id}`);
        showDone(context, flags, { id, ended: true }, `link ${id} has ended`);
      },
    );
}

function columnsAt(now: number): readonly Column<ShareLink>[] {
  return [
    ['ID', ({ id }) => id],
    ['NAME', ({ name }) => name],
    ['SHOWS', ({ campaignId }) => campaignId ?? 'the overview'],
    ['CREATED', ({ createdAt }) => minute(createdAt)],
    ['BY', ({ createdBy }) => createdBy],
    ['LAST USED', ({ lastUsedAt }) => minute(lastUsedAt)],
    ['STATE', (link) => stateOf(link, now)],
  ];
}

function stateOf({ revokedAt, expiresAt }: ShareLink, now: number): string {
  if (revokedAt !== null) return `ended ${minute(revokedAt)}`;
  return `${Date.parse(expiresAt) <= now ? 'expired' : 'open until'} ${minute(expiresAt)}`;
}
