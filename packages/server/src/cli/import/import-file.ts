import { iso } from '@ringside/core';
import type { CampaignCreate } from '@ringside/protocol';
import { Progress } from '../progress.ts';
import { CliError, grouped, type Terminal } from '../terminal.ts';
import { Batch, type BatchRow } from './batch.ts';
import { Checkpoint, type Counts, fingerprintOf, noCounts, Rejects } from './checkpoint.ts';
import type { Field } from './fields.ts';
import { type Format, openRows, type ReadRow } from './read-rows.ts';
import { RowError, type RowSettings } from './row-events.ts';
import { type RowReader, rowReader } from './row-reader.ts';
import type { ImportTarget } from './target.ts';

/** What is to be imported, and how. */
export interface ImportPlan {
  readonly path: string;
  readonly format: Format | null;
  readonly rows: RowSettings;
  readonly zone: string;
  readonly mapping: ReadonlyMap<Field, string>;
  /** What the campaign is registered as before the first call, or `null`. */
  readonly campaign: CampaignCreate | null;
  /** Whether the campaign is over. */
  readonly completed: boolean;
  readonly resume: boolean;
}

export interface ImportResult {
  /** Also what an earlier import did that this one went on with. */
  readonly counts: Counts;
  /** Rows of this run. */
  readonly rows: number;
  readonly seconds: number;
  /** File of the rows that could not be used, or `null`. */
  readonly rejects: string | null;
  /** Asked to stop before the end of the file. */
  readonly stopped: boolean;
}

export interface ImportSurroundings {
  readonly terminal: Terminal;
  readonly now: () => number;
  /** Aborted when the user wants it to end. */
  readonly signal: AbortSignal;
}

const MOST_SHOWN = 20;

/** Reads the file row by row and sends it in batches. What cannot be used is set apart; the rest is kept. */
export async function importFile(
  plan: ImportPlan,
  target: ImportTarget,
  { terminal, now, signal }: ImportSurroundings,
): Promise<ImportResult> {
  const startedAt = now();
  const { checkpoint, counts, rejects } = begin(plan, terminal);
  const progress = new Progress(terminal, now);
  const complain = complainer(terminal, progress);
  const refuse = ({ line, raw }: ReadRow, reason: string): void => {
    rejects.add(line, reason, raw);
    counts.bad += 1;
    complain(line, reason);
  };
  if (plan.campaign) await register(plan.campaign, target, terminal);
  const file = openRows(plan.path, plan.format);
  const reader = rowReader(plan.rows, plan.mapping, startedAt);
  const batch = new Batch(target, counts, refuse);
  const settle = async (): Promise<void> => {
    await batch.send();
    checkpoint.save(counts, rejects.bytes);
  };
  const skip = counts.rows;
  let seen = 0;
  progress.start('importing', null, 'rows');
  try {
    for await (const read of file.rows) {
      seen += 1;
      if (seen <= skip) continue;
      const row = batchRow(read, reader);
      if (batch.isFullWith(row)) await settle();
      batch.add(row);
      progress.add(1, file.share());
      if (signal.aborted) break;
    }
    await settle();
    if (!signal.aborted && plan.completed) await complete(plan, counts, target, now());
    if (!signal.aborted) checkpoint.remove();
  } finally {
    progress.clear();
    rejects.close();
  }
  return {
    counts,
    rows: counts.rows - skip,
    seconds: (now() - startedAt) / 1000,
    rejects: rejects.bytes > 0 ? rejects.path : null,
    stopped: signal.aborted,
  };
}

/** Where to begin: at the start, or where the last import came to. */
function begin(plan: ImportPlan, terminal: Terminal) {
  const settings = [plan.rows.campaignId, plan.zone, [...plan.mapping], plan.format];
  const checkpoint = new Checkpoint(plan.path, fingerprintOf(plan.path, settings));
  const saved = plan.resume ? checkpoint.load() : null;
  if (saved === 'changed') {
    throw new CliError(
      `${plan.path} or the options changed since: import again without --resume; what is there already changes nothing`,
    );
  }
  if (plan.resume) {
    terminal.err(
      saved
        ? `Going on after row ${grouped(saved.counts.rows)}.\n`
        : 'Nothing to go on from: starting at the first row.\n',
    );
  }
  const counts = { ...(saved?.counts ?? noCounts) };
  return { checkpoint, counts, rejects: new Rejects(plan.path, saved?.rejectsBytes ?? 0) };
}

function batchRow(read: ReadRow, reader: RowReader): BatchRow {
  try {
    const items = reader.read(read);
    return { read, items, bad: null, bytes: JSON.stringify(items.map(({ event }) => event)).length };
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    return { read, items: [], bad: error.message, bytes: 0 };
  }
}

async function register(campaign: CampaignCreate, target: ImportTarget, terminal: Terminal): Promise<void> {
  if ((await target.register(campaign)) === 'exists') {
    terminal.err(`Campaign ${campaign.id} is registered already, as something else: it stays as it is.\n`);
  }
}

/** The campaign was over with its last call. */
async function complete({ rows }: ImportPlan, { lastAt }: Counts, target: ImportTarget, now: number): Promise<void> {
  const { campaignId } = rows;
  if (campaignId === null || lastAt === null) return;
  const at = iso(lastAt);
  const event = { type: 'campaign', campaignId, at, change: 'completed', actor: 'import' };
  const reader = rowReader(rows, new Map(), now);
  await target.send(reader.read({ line: 0, row: event, reason: null, raw: event }));
}

/** Shows the first bad rows as they come; all of them are in the file. */
function complainer(terminal: Terminal, progress: Progress): (line: number, reason: string) => void {
  let shown = 0;
  return (line, reason) => {
    shown += 1;
    if (shown > MOST_SHOWN + 1) return;
    progress.clear();
    terminal.err(shown > MOST_SHOWN ? 'More bad rows follow; they are in the file.\n' : `line ${line}: ${reason}\n`);
  };
}
