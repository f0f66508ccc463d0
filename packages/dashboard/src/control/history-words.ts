import type { TimelineItem } from '@ringside/protocol';
import { formatMinute } from '../format.ts';
import type { Moment } from '../readers.ts';

const words: Readonly<Record<TimelineItem['kind'], string>> = {
  registered: 'Registered',
  changed: 'Changed',
  started: 'Started',
  paused: 'Paused',
  resumed: 'Resumed',
  completed: 'Completed',
  cancelled: 'Cancelled',
  failed: 'Failed',
  reopened: 'Went on',
  'first-call': 'First call',
  fault: 'Fault',
};

const factNames: Readonly<Record<string, string>> = {
  name: 'name',
  totalCalls: 'contacts',
  startedAt: 'start',
  retry: 'retries',
  pace: 'pace',
  timezone: 'time zone',
  currency: 'currency',
  maxCallSeconds: 'longest call',
  attributes: 'attributes',
  windows: 'calling hours',
  deadline: 'deadline',
  dial: 'how it dials',
};

/** What happened, and why or what exactly. */
export function historyLine(
  { kind, actor, reason, changes }: TimelineItem,
  now: Moment,
): { what: string; why: string } {
  const until = kind === 'paused' && typeof changes?.until === 'string' ? changes.until : null;
  if (until !== null) return { what: `Paused until ${formatMinute(until, now)}`, why: reason ?? '' };
  if (kind === 'paused' && actor === 'breaker') return { what: 'Paused after a burst of failures', why: reason ?? '' };
  if (kind === 'changed' || kind === 'registered') return { what: words[kind], why: reason ?? changedWords(changes) };
  return { what: words[kind], why: reason ?? '' };
}

/** `pace 2 / s, 10 at once; calling hours` */
function changedWords(changes: TimelineItem['changes']): string {
  return Object.entries(changes ?? {})
    .filter(([name]) => name in factNames)
    .map(([name, value]) => `${factNames[name]}${valueWords(name, value)}`)
    .join('; ');
}

function valueWords(name: string, value: unknown): string {
  if (name === 'pace' && typeof value === 'object' && value !== null) {
    const { callsPerSecond, concurrency } = value as { callsPerSecond?: number; concurrency?: number };
    const parts = [
      callsPerSecond === undefined ? '' : `${callsPerSecond} / s`,
      concurrency === undefined ? '' : `${concurrency} at once`,
    ].filter((part) => part !== '');
    return ` ${parts.length === 0 ? 'without a limit' : parts.join(', ')}`;
  }
  return typeof value === 'string' || typeof value === 'number' ? ` ${value}` : '';
}
