import { isCallback } from './callback.ts';
import type { QueueItem } from './delivery-queue.ts';

/** The line that says: this waits. */
export function addLine({ id, receivedAt, json }: QueueItem): string {
  return `{"add":${JSON.stringify(id)},"receivedAt":${receivedAt},"callback":${json}}\n`;
}

/** The line that says: this waits no longer. */
export function doneLine(id: string): string {
  return `${JSON.stringify({ done: id })}\n`;
}

/** What a queue file says. */
export interface ReadBack {
  /** What waits, in the order of its lines. */
  readonly items: readonly QueueItem[];
  /** Lines that could not be read; a last line without its end is not counted, it was being written. */
  readonly damaged: number;
}

/** Reads the text of a queue file. */
export function readLines(text: string): ReadBack {
  const items = new Map<string, QueueItem>();
  let damaged = 0;
  const lines = text.split('\n');
  lines.pop();
  for (const line of lines) {
    const entry = entryOf(line);
    if (!entry) damaged += 1;
    else if ('done' in entry) items.delete(entry.done);
    else items.set(entry.id, entry);
  }
  return { items: [...items.values()], damaged };
}

function entryOf(line: string): QueueItem | { readonly done: string } | null {
  let entry: { add?: unknown; done?: unknown; receivedAt?: unknown; callback?: unknown } | null;
  try {
    entry = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof entry?.done === 'string') return { done: entry.done };
  if (typeof entry?.add !== 'string' || typeof entry.receivedAt !== 'number' || !isCallback(entry.callback))
    return null;
  const json = JSON.stringify(entry.callback);
  return { id: entry.add, receivedAt: entry.receivedAt, json, bytes: Buffer.byteLength(json) };
}
