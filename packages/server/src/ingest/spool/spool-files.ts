import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { chmod, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readDeadLetter, readEntry } from './entry.ts';

/** Phone numbers and signatures are in these files: they are for the server's user alone. */
export const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

const SEGMENT = /^(\d{12}|replay-\d+)\.ndjson$/;
const DEAD_LETTERS = 'dead-letters.ndjson';

/** A file of the spool. */
export interface Segment {
  readonly name: string;
  readonly bytes: number;
  readonly records: number;
  /** When its first record came, epoch milliseconds; `null` where that cannot be read. */
  readonly oldestAt: number | null;
}

export function spoolFolder(dataDir: string): string {
  return join(dataDir, 'spool');
}

export function deadLetterFile(folder: string): string {
  return join(folder, DEAD_LETTERS);
}

export function segmentName(number: number): string {
  return `${String(number).padStart(12, '0')}.ndjson`;
}

/** Dead letters under this name are read like any other segment, so putting them back is renaming their file. */
export function replayName(now: number): string {
  return `replay-${now}.ndjson`;
}

export function isReplay(name: string): boolean {
  return name.startsWith('replay-');
}

/** Names of the segments, oldest first; what was put back comes last. */
export function segmentNames(folder: string): string[] {
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => SEGMENT.test(name))
        .sort()
    : [];
}

/** Makes the folder, and lets nobody else into it and what an earlier version left there. */
export async function makePrivate(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  await chmod(folder, FOLDER_MODE);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ndjson'));
  await Promise.all(names.map((name) => chmod(join(folder, name), FILE_MODE)));
}

/** Measures a segment. @returns `null` where it is gone meanwhile */
export async function measureSegment(folder: string, name: string): Promise<Segment | null> {
  let records = 0;
  let oldestAt: number | null = null;
  try {
    for await (const line of linesOf(join(folder, name))) {
      if (records === 0) oldestAt = receivedAt(line);
      records += 1;
    }
    return { name, records, oldestAt, bytes: (await stat(join(folder, name))).size };
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

/** The lines of a file that are not empty. */
export async function* linesOf(path: string): AsyncIterable<string> {
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line !== '') yield line;
  }
}

export function isGone(error: unknown): boolean {
  return (error as { code?: string }).code === 'ENOENT';
}

function receivedAt(line: string): number | null {
  const what = readEntry(line) ?? readDeadLetter(line)?.what;
  return what === undefined || typeof what === 'string' ? null : what.receivedAt;
}
