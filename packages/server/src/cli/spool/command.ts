import type { Command } from 'commander';
import { type Flags, loadConfig } from '../../config/options.ts';
import { spoolFolder } from '../../ingest/spool/spool-files.ts';
import { type Column, minute, showDone, showList } from '../access/show.ts';
import { type CliContext, withSettings } from '../context.ts';
import { counted, grouped } from '../terminal.ts';
import {
  deadLetters,
  discardDeadLetters,
  replayDeadLetters,
  type SpoolView,
  viewSpool,
  type WaitingRow,
} from './look.ts';
import type { ShownLetter } from './show-entry.ts';

interface SpoolFlags extends Flags {
  readonly json?: boolean;
  readonly full?: boolean;
}

const letterColumns: readonly Column<ShownLetter>[] = [
  ['AT', ({ at }) => minute(at)],
  ['KIND', ({ kind }) => kind],
  ['WORKSPACE', ({ workspace }) => workspace],
  ['CAMPAIGN', ({ campaignId }) => campaignId],
  ['CALL', ({ call }) => call],
  ['WHY', ({ why }) => why],
];

const waitingColumns: readonly Column<WaitingRow>[] = [
  ['WORKSPACE', ({ workspace }) => workspace],
  ['KIND', ({ kind }) => kind],
  ['RECORDS', ({ records }) => grouped(records)],
  ['OLDEST', ({ oldestAt }) => minute(oldestAt)],
];

/** `ringside spool`: what waits on this machine's disk while PostgreSQL is away. */
export function spoolCommand(program: Command, context: CliContext): void {
  const group = withSettings(program.command('spool'), ['dataDir'])
    .description('what waits on the disk for PostgreSQL, and what could not be applied')
    .option('--json', 'for programs')
    .helpCommand(false);
  const folderOf = (command: Command) => {
    const flags = command.optsWithGlobals<SpoolFlags>();
    const { json: _json, full: _full, ...settings } = flags;
    return { flags, folder: spoolFolder(loadConfig(context.env, settings).dataDir) };
  };
  const sub = (name: string, description: string) =>
    group.command(name).description(description).configureHelp({ showGlobalOptions: true });

  group.action(async (_flags: unknown, command: Command) => {
    const { flags, folder } = folderOf(command);
    const view = await viewSpool(folder);
    if (flags.json) context.terminal.out(`${JSON.stringify(view, null, 2)}\n`);
    else show(context, view);
  });
  sub('dead-letters', 'what could not be applied, and why; numbers and signatures are hidden')
    .option('--full', 'with numbers, signatures and what came in raw')
    .action(async (_flags: unknown, command: Command) => {
      const { flags, folder } = folderOf(command);
      const letters: ShownLetter[] = [];
      for await (const letter of deadLetters(folder, flags.full === true)) letters.push(letter);
      showList(context, flags, letters, letterColumns);
    });
  sub('replay', 'put the dead letters back, once what was wrong is mended')
    .option('--dead-letters', 'which is meant without it too')
    .action(async (_flags: unknown, command: Command) => {
      const { flags, folder } = folderOf(command);
      const replayed = await replayDeadLetters(folder, context.now());
      const { isServed } = await viewSpool(folder);
      const when = isServed ? 'the server takes them up within seconds' : 'the server takes them up at its next start';
      const says = replayed === 0 ? 'there are none' : `put back ${counted(replayed, 'dead letter')}: ${when}`;
      showDone(context, flags, { replayed, isServed }, says);
    });
  sub('discard', 'throw the dead letters away; what waits stays').action(async (_flags: unknown, command: Command) => {
    const { flags, folder } = folderOf(command);
    const discarded = await discardDeadLetters(folder, context.now());
    const says = discarded === 0 ? 'there are none' : `threw away ${counted(discarded, 'dead letter')}`;
    showDone(context, flags, { discarded }, says);
  });
}

function show(context: CliContext, { isServed, waiting, deadLetters: dead }: SpoolView): void {
  const { out } = context.terminal;
  out(`${isServed ? 'a server has this folder' : 'no server runs on this folder'}\n`);
  const { records, bytes, oldestAt } = waiting;
  if (records === 0) out('nothing waits\n');
  else {
    out(`${counted(records, 'record')} in ${grouped(Math.ceil(bytes / 1024))} KB, the oldest of ${minute(oldestAt)}\n`);
    showList(context, {}, waiting.by, waitingColumns);
  }
  if (dead.count === 0) return out('no dead letters\n');
  out(`${counted(dead.count, 'dead letter')}, the newest of ${minute(dead.newestAt)}\n`);
  showList(context, {}, dead.reasons, [
    ['COUNT', ({ count }) => grouped(count)],
    ['WHY', ({ why }) => why],
  ]);
}
