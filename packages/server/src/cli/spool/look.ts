import { existsSync } from 'node:fs';
import { rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { iso } from '@ringside/core';
import { readDeadLetter, readEntry } from '../../ingest/spool/entry.ts';
import {
  deadLetterFile,
  isGone,
  isReplay,
  linesOf,
  measureSegment,
  replayName,
  segmentNames,
} from '../../ingest/spool/spool-files.ts';
import { isFolderLocked } from '../../store/sqlite/lock.ts';
import { kindOf, type ShownLetter, shownLetter, workspaceOf } from './show-entry.ts';

/** What waits of one workspace and kind. */
export interface WaitingRow {
  readonly workspace: string | null;
  readonly kind: string;
  readonly records: number;
  /** ISO 8601. */
  readonly oldestAt: string | null;
}

/** A spool as it lies on the disk. */
export interface SpoolView {
  /** Whether a server has the folder. */
  readonly isServed: boolean;
  readonly waiting: {
    readonly records: number;
    readonly bytes: number;
    readonly oldestAt: string | null;
    readonly by: readonly WaitingRow[];
  };
  readonly deadLetters: {
    readonly count: number;
    readonly newestAt: string | null;
    readonly reasons: readonly { readonly why: string; readonly count: number }[];
  };
}

/** Reads a spool; a server may be at work in it. */
export async function viewSpool(folder: string): Promise<SpoolView> {
  const rows = new Map<string, { workspace: string | null; kind: string; records: number; oldest: number }>();
  let bytes = 0;
  for (const name of segmentNames(folder)) {
    bytes += (await measureSegment(folder, name))?.bytes ?? 0;
    for await (const line of lines(join(folder, name))) {
      const entry = isReplay(name) ? readDeadLetter(line)?.what : readEntry(line);
      const [workspace, kind] = [workspaceOf(entry), kindOf(entry)];
      const key = JSON.stringify([workspace, kind]);
      const row = rows.get(key) ?? { workspace, kind, records: 0, oldest: Number.POSITIVE_INFINITY };
      const at = typeof entry === 'object' && entry !== null ? entry.receivedAt : Number.POSITIVE_INFINITY;
      rows.set(key, { ...row, records: row.records + 1, oldest: Math.min(row.oldest, at) });
    }
  }
  const all = [...rows.values()];
  const by = all.map(({ oldest, ...row }) => ({ ...row, oldestAt: instant(oldest) }));
  return {
    isServed: isFolderLocked(folder),
    waiting: {
      records: all.reduce((sum, { records }) => sum + records, 0),
      bytes,
      oldestAt: instant(Math.min(...all.map(({ oldest }) => oldest))),
      by,
    },
    deadLetters: await countLetters(folder),
  };
}

/** The dead letters, oldest first. @param isFull with numbers, signatures and what came in raw */
export async function* deadLetters(folder: string, isFull: boolean): AsyncIterable<ShownLetter> {
  for await (const line of lines(deadLetterFile(folder))) yield shownLetter(line, isFull);
}

/**
 * Puts the dead letters back. A server takes up such a file at its next look, and writes new dead letters into a new
 * one; so one name in place of another is all that two processes need to agree on.
 * @returns how many
 */
export async function replayDeadLetters(folder: string, now: number): Promise<number> {
  return takeAway(folder, join(folder, replayName(now)));
}

/** Throws the dead letters away. @returns how many */
export async function discardDeadLetters(folder: string, now: number): Promise<number> {
  const path = join(folder, `discarded-${now}`);
  const count = await takeAway(folder, path);
  if (count > 0) await unlink(path);
  return count;
}

async function takeAway(folder: string, to: string): Promise<number> {
  const { count } = await countLetters(folder);
  try {
    if (count > 0) await rename(deadLetterFile(folder), to);
    return count;
  } catch (error) {
    if (isGone(error)) return 0;
    throw error;
  }
}

async function countLetters(folder: string): Promise<SpoolView['deadLetters']> {
  const reasons = new Map<string, number>();
  let count = 0;
  let newestAt: string | null = null;
  for await (const line of lines(deadLetterFile(folder))) {
    const { why, at } = shownLetter(line, false);
    reasons.set(why, (reasons.get(why) ?? 0) + 1);
    newestAt = at;
    count += 1;
  }
  const most = [...reasons].map(([why, n]) => ({ why, count: n })).sort((a, b) => b.count - a.count);
  return { count, newestAt, reasons: most };
}

/** A server may have drained the file meanwhile. */
async function* lines(path: string): AsyncIterable<string> {
  if (!existsSync(path)) return;
  try {
    yield* linesOf(path);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

function instant(at: number): string | null {
  return Number.isFinite(at) ? iso(at) : null;
}
