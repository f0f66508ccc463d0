import type { CallEventInput } from '@ringside/protocol';
import { auditBy, callbackReceipt, eventReceipt, WORKSPACE } from '../../testing/engine.ts';
import type { ListRow, StoredAttempt, TakeWish } from '../dialing/dial-store.ts';
import type { Store } from '../store.ts';

export const NOW = Date.UTC(2025, 7, 7, 14);
export const CAMPAIGN = { workspace: WORKSPACE, campaignId: 'c' };
export const audit = auditBy('test', NOW);

/** The n-th row of a list, all of them different. */
export function row(n: number, more: Partial<ListRow> = {}): ListRow {
  const number = `+9198${String(n).padStart(8, '0')}`;
  return { number, contactId: null, zone: null, attributes: { n }, ...more };
}

/** A list of so many contacts. */
export async function listOf(store: Store, contacts: number | readonly ListRow[]): Promise<void> {
  const rows = typeof contacts === 'number' ? Array.from({ length: contacts }, (_, n) => row(n)) : contacts;
  await store.dial.openList({ ...CAMPAIGN, account: null });
  await store.dial.addToList(CAMPAIGN, rows, NOW);
}

export function wish(more: Partial<TakeWish> = {}): TakeWish {
  return { ...CAMPAIGN, most: 10, authId: 'MA1', callerIds: ['+15005550001'], openZones: [''], ...more };
}

export async function taken(store: Store, more: Partial<TakeWish> = {}, now = NOW): Promise<readonly StoredAttempt[]> {
  const { attempts } = await store.dial.take(wish(more), null, now);
  return attempts.map(({ zone: _zone, ...attempt }) => attempt);
}

/** Takes contacts and sends what was made of them. */
export async function sending(
  store: Store,
  more: Partial<TakeWish> = {},
  now = NOW,
): Promise<readonly StoredAttempt[]> {
  const attempts = await taken(store, more, now);
  await store.dial.beginSending(CAMPAIGN, idsOf(attempts), now + 5_000, null);
  return attempts;
}

/** The same, and the provider accepts them. */
export async function accepted(
  store: Store,
  more: Partial<TakeWish> = {},
  now = NOW,
): Promise<readonly StoredAttempt[]> {
  const attempts = await sending(store, more, now);
  const results = attempts.map(({ attemptId }) => ({
    attemptId,
    kind: 'accepted' as const,
    requestId: `r-${attemptId}`,
  }));
  await store.dial.endSending(CAMPAIGN, results, null, now);
  return attempts;
}

/** The call of an attempt begins, as the dialer tells its campaign. */
export function initiated(attempt: StoredAttempt, at = NOW) {
  return told(attempt, { type: 'initiated', at: new Date(at).toISOString() });
}

/** The call of an attempt ends. */
export function ended(attempt: StoredAttempt, status: 'completed' | 'busy' | 'no-answer', at = NOW + 60_000) {
  return told(attempt, {
    type: 'ended',
    at: new Date(at).toISOString(),
    status,
    duration: status === 'completed' ? 9 : 0,
  });
}

function told({ attemptId, number, campaignId, contactId }: StoredAttempt, event: Partial<CallEventInput>) {
  const named = { campaignId, callId: attemptId, to: number, ...(contactId !== null && { contactId }) };
  return eventReceipt({ ...named, ...event } as CallEventInput);
}

/** A callback that names an attempt, as the provider sends it. */
export function callbackOf({ attemptId, number }: StoredAttempt, at = NOW) {
  return callbackReceipt(
    at,
    `campId=c&attemptId=${attemptId}`,
    new URLSearchParams({ CallUUID: `u-${attemptId}`, Event: 'Ring', To: number }).toString(),
  );
}

export const idsOf = (attempts: readonly StoredAttempt[]): string[] => attempts.map(({ attemptId }) => attemptId);
export const numbersOf = (attempts: readonly { readonly number: string }[]): string[] =>
  attempts.map(({ number }) => number);

/** Settles attempts as busy. */
export function settleAll(
  store: Store,
  attempts: readonly StoredAttempt[],
  dueAt: number | null,
  now = NOW,
): Promise<void> {
  const settled = idsOf(attempts).map((attemptId) => ({ attemptId, outcome: 'busy' as const, dueAt }));
  return store.dial.settle(CAMPAIGN, settled, null, now);
}

export function first<T>(list: readonly T[]): T {
  const [one] = list;
  if (one === undefined) throw new Error('there is none');
  return one;
}
