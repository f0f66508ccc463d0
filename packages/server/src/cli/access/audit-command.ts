import type { AuditEntry } from '@ringside/protocol';
import { type Command, Option } from 'commander';
import type { CliContext } from '../context.ts';
import { CliError } from '../terminal.ts';
import type { ServerFlags } from './admin-client.ts';
import { query } from './arguments.ts';
import { runWithServer } from './group.ts';
import { type Column, minute, showList } from './show.ts';

interface AuditFlags extends ServerFlags {
  readonly action?: string;
  readonly target?: string;
  readonly limit: string;
  readonly export?: 'csv' | 'ndjson';
}

const columns: readonly Column<AuditEntry>[] = [
  ['AT', ({ at }) => minute(at)],
  ['ACTOR', ({ actor }) => actor],
  ['ADDRESS', ({ address }) => address],
  ['ACTION', ({ action }) => action],
  ['TARGET', ({ target }) => target],
  ['AFTER', ({ after }) => (after === null ? null : shortened(JSON.stringify(after)))],
];

const LONGEST_CELL = 80;

/** `ringside audit`. */
export function auditCommand(program: Command, context: CliContext): void {
  const command = program
    .command('audit')
    .description('what was changed in the workspace, and who saw phone numbers; newest first')
    .option('--action <action>', 'such as key.created, or key for all that is done to keys')
    .option('--target <id>', 'what it was done to')
    .option('--limit <n>', 'how many, at most 500', '50')
    .addOption(new Option('--export <format>', 'the whole log to standard output').choices(['csv', 'ndjson']));
  runWithServer<AuditFlags>(command, context, async (client, _args, flags) => {
    const { action, target, limit, export: format } = flags;
    if (format !== undefined) {
      if (action !== undefined || target !== undefined)
        throw new CliError('--export writes all of it: no --action, no --target');
      const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
      for await (const piece of await client.file(`/v1/audit.${format}`))
        context.terminal.out(decoder.decode(piece, { stream: true }));
      return;
    }
    const { items } = await client.get<{ items: AuditEntry[] }>(`/v1/audit${query({ action, target, limit })}`);
    showList(context, flags, items, columns);
  });
}

function shortened(text: string): string {
  return text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL - 1)}…` : text;
}
