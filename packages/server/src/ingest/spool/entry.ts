import { isInstant } from '@ringside/protocol';
import type { PlivoCallback } from '../../providers/plivo/callback.ts';
import type { Receipt } from '../receipt.ts';

/** A callback that nobody could check yet: when it came, the tokens of provider accounts had never been read. */
export interface Unverified {
  readonly kind: 'unverified';
  readonly receivedAt: number;
  /** The workspace that its URL names. */
  readonly workspace: string | null;
  readonly callback: PlivoCallback;
}

/** A line of the spool. */
export type SpoolEntry = Receipt | Unverified;

/** What could not be applied, and why: a line of the dead-letter file. */
export interface DeadLetter {
  /** When it was given up, ISO 8601. */
  readonly at: string;
  readonly why: string;
  /** A line that nobody could read is kept as the text that it is. */
  readonly what: SpoolEntry | string;
}

/** @returns `null` for a line that is no entry */
export function readEntry(line: string): SpoolEntry | null {
  const entry = parse(line);
  return isEntry(entry) ? entry : null;
}

/** @returns `null` for a line that is no dead letter */
export function readDeadLetter(line: string): DeadLetter | null {
  const letter = parse(line) as Partial<DeadLetter> | null;
  if (typeof letter?.at !== 'string' || typeof letter.why !== 'string') return null;
  const { at, why, what } = letter;
  return typeof what === 'string' || isEntry(what) ? { at, why, what } : null;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function isEntry(value: unknown): value is SpoolEntry {
  const { kind, receivedAt } = (value ?? {}) as Partial<SpoolEntry>;
  return (
    typeof receivedAt === 'number' &&
    isInstant(receivedAt) &&
    (kind === 'plivo' || kind === 'delivery' || kind === 'unverified')
  );
}
