import {
  amongAttempts,
  attemptNumber,
  type Changes,
  type Contact,
  type LiveCall,
  newerFirst,
  SAMPLE_CALLS,
  type SampleCall,
  sampleCall,
} from '@ringside/core';

/** A live call, as a forecast reads it. Times are epoch milliseconds. */
export interface PlacedCall {
  readonly call_row: string;
  readonly contact_key: string;
  readonly started_at: number;
}

/** An ended call, as a forecast reads it. */
export interface EndedCall extends Omit<PlacedCall, 'contact_key'> {
  readonly contact_key: string | null;
  readonly ended_at: number;
  readonly outcome: string;
  /** When its end announced another attempt for. */
  readonly due_at: number | null;
}

/** The newest ended calls by row. It holds at least the newest `SAMPLE_CALLS`. */
export type Sample = Map<string, SampleCall>;

/** Calls that gather beyond the newest before they are dropped. */
const SPARE = SAMPLE_CALLS / 2;

/** @param contacts those of the calls, see {@link contactKeysOf} */
export function sampleOf(calls: readonly EndedCall[], contacts: readonly Contact[]): Sample {
  const byKey = byKeyOf(contacts);
  return new Map(
    calls.map((call) => {
      const contact = byKey.get(call.contact_key ?? '');
      return [call.call_row, amongAttempts(sampled(call), call.call_row, contact)];
    }),
  );
}

/**
 * Brings a sample up to date with what a fold changed: it then holds what would be loaded.
 * @returns `null` when a call left it, or ended earlier than it seemed, which makes room for one that only the store knows
 */
export function changedSample(sample: Sample, changes: Changes): Sample | null {
  if (changes.removedCalls.some((row) => sample.has(row))) return null;
  for (const row of changes.calls) {
    const known = sample.get(row.row);
    const call = sampleCall({ row, contact: undefined });
    if (known && (call === null || call.endedAt < known.endedAt)) return null;
    if (call) sample.set(row.row, call);
  }
  // A late call moves the later attempts of its contact up by one, and those may be in the sample.
  for (const contact of changes.contacts) {
    for (const attempt of contact.attempts) {
      const call = sample.get(attempt.call);
      if (call) sample.set(attempt.call, amongAttempts(call, attempt.call, contact));
    }
  }
  if (sample.size <= SAMPLE_CALLS + SPARE) return sample;
  return new Map([...sample].sort(([, a], [, b]) => newerFirst(a, b)).slice(0, SAMPLE_CALLS));
}

/** @param contacts those of the calls, see {@link contactKeysOf} */
export function liveOf(calls: readonly PlacedCall[], contacts: readonly Contact[]): LiveCall[] {
  const byKey = byKeyOf(contacts);
  return calls.map(({ call_row: row, contact_key: contact, started_at: startedAt }) => ({
    startedAt,
    attempt: attemptNumber(row, byKey.get(contact)),
  }));
}

export function contactKeysOf(calls: readonly { readonly contact_key: string | null }[]): string[] {
  return [...new Set(calls.flatMap(({ contact_key: key }) => key ?? []))];
}

function sampled({ started_at: startedAt, ended_at: endedAt, outcome, due_at: dueAt }: EndedCall): SampleCall {
  return {
    startedAt,
    endedAt: Math.max(startedAt, endedAt),
    reached: outcome === 'completed',
    attempt: null,
    waitedMs: null,
    announcedMs: dueAt === null ? null : Math.max(0, dueAt - endedAt),
  };
}

function byKeyOf(contacts: readonly Contact[]): ReadonlyMap<string, Contact> {
  return new Map(contacts.map((contact) => [contact.key, contact]));
}
