import type { Services } from '../services.ts';
import type { AuditNote } from '../store/access/records.ts';
import type { StoredAttempt } from '../store/dialing/dial-store.ts';
import { notMadeOf } from './deliveries.ts';
import { NOT_PLACED } from './doubts.ts';

export interface Verdict {
  readonly workspace: string;
  readonly attemptId: string;
  readonly placed: boolean;
  /** In words, without numbers. */
  readonly reason: string;
}

const MOST_DOUBTS = 10_000;

/**
 * Ends a doubt because somebody says so, on whatever node. Told once more after a crash in between, by whoever takes over.
 * @returns `null` where there is no such doubt
 */
export async function resolveByPerson(
  { store, intake, dialers, now }: Pick<Services, 'store' | 'intake' | 'dialers' | 'now'>,
  { workspace, attemptId, placed, reason }: Verdict,
  audit: AuditNote,
): Promise<StoredAttempt | null> {
  const doubts = await store.dial.doubtful(workspace, null, MOST_DOUBTS);
  const doubt = doubts.find((one) => one.attemptId === attemptId);
  if (!doubt) return null;
  const at = now();
  const why = `${audit.actor} said that it was ${placed ? '' : 'not '}placed: ${reason}`;
  const as = placed ? 'placed' : 'not-placed';
  const resolved = await store.dial.resolveDoubt(doubt, attemptId, as, why, at, audit);
  if (!resolved) return null;
  const { campaignId } = resolved;
  if (!placed) {
    const delivery = notMadeOf(resolved, NOT_PLACED, at);
    await intake.submit({ kind: 'delivery', workspace, receivedAt: at, campaignId, delivery });
  }
  dialers.touched([resolved]);
  return resolved;
}
