import { factsOf } from '../call-facts.ts';
import type { Contact } from '../contact.ts';
import type { CallRow } from '../fold-work.ts';
import { LIVE_CALLS, type LiveCall, SAMPLE_CALLS, type SampleCall } from './types.ts';

/** A call row and its contact; without the contact its attempt number stays unknown. */
export interface CallAtContact {
  readonly row: CallRow;
  readonly contact: Contact | undefined;
}

/** `null` for a call that has not ended, or of which nobody knows when. */
export function sampleCall({ row, contact }: CallAtContact): SampleCall | null {
  const { startedAt, endedAt, outcome } = factsOf(row.call);
  if (startedAt === null || endedAt === null || outcome === 'lost') return null;
  const dueAt = row.call.retryDueAt?.value;
  const call = {
    startedAt,
    endedAt: Math.max(startedAt, endedAt),
    reached: outcome === 'completed',
    attempt: null,
    waitedMs: null,
    announcedMs: dueAt === undefined ? null : Math.max(0, dueAt - endedAt),
  };
  return amongAttempts(call, row.row, contact);
}

/** The call with its place among the attempts of its contact as they are now. @param row its key */
export function amongAttempts(call: SampleCall, row: string, contact: Contact | undefined): SampleCall {
  const attempt = attemptNumber(row, contact);
  const before = attempt === null ? null : contact?.attempts[attempt - 2]?.endedAt;
  return { ...call, attempt, waitedMs: before == null ? null : Math.max(0, call.startedAt - before) };
}

/** The newest {@link SAMPLE_CALLS}, in an order that does not depend on how they were stored. */
export function newestOf(calls: readonly SampleCall[]): SampleCall[] {
  return [...calls].sort(newerFirst).slice(0, SAMPLE_CALLS);
}

/** Newest end first; calls that compare equal are alike in all that a forecast uses. */
export function newerFirst(a: SampleCall, b: SampleCall): number {
  return (
    b.endedAt - a.endedAt ||
    b.startedAt - a.startedAt ||
    Number(b.reached) - Number(a.reached) ||
    (a.attempt ?? 0) - (b.attempt ?? 0) ||
    (a.waitedMs ?? -1) - (b.waitedMs ?? -1) ||
    (a.announcedMs ?? -1) - (b.announcedMs ?? -1)
  );
}

/** `null` for a call that has ended, or whose start is not known. */
export function liveCall({ row, contact }: CallAtContact): LiveCall | null {
  const { startedAt, endedAt } = factsOf(row.call);
  if (startedAt === null || endedAt !== null) return null;
  return { startedAt, attempt: attemptNumber(row.row, contact) };
}

/** The {@link LIVE_CALLS} that were placed first, oldest first. */
export function oldestOf(calls: readonly LiveCall[]): LiveCall[] {
  const byStart = (a: LiveCall, b: LiveCall): number =>
    a.startedAt - b.startedAt || (a.attempt ?? 0) - (b.attempt ?? 0);
  return [...calls].sort(byStart).slice(0, LIVE_CALLS);
}

/** Which attempt at its contact a call is, from 1; `null`: not known. @param row its key */
export function attemptNumber(row: string, contact: Contact | undefined): number | null {
  const index = contact?.attempts.findIndex((attempt) => attempt.call === row) ?? -1;
  return index < 0 ? null : index + 1;
}
