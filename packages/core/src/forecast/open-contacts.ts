import { mayStillCome, type RetryReading } from '../ledger.ts';
import { MINUTE_MS, type Rollup } from '../rollup.ts';
import type { OpenContacts } from './types.ts';

/**
 * Contacts whose calls all ended without reaching them, from the counters alone: those with an announced retry by its
 * minute, the others by the minute of their last end. Left out are those that the policy settles, and retries that
 * never came.
 */
export function openContacts(rollup: Rollup, now: number, reading: RetryReading): OpenContacts[] {
  const found: OpenContacts[] = [];
  for (const [minute, counts] of rollup.minutes) {
    const at = minute * MINUTE_MS + MINUTE_MS / 2;
    for (const [key, contacts] of counts) {
      if (key.startsWith('dueAt.')) {
        if (mayStillCome(reading, at, now))
          found.push({ attempts: Number(key.slice(6)), contacts, endedAt: at, dueAt: at });
      } else if (key.startsWith('open.')) {
        const open = { attempts: Number(key.slice(5)), contacts, endedAt: at, dueAt: null };
        if (mayBeCalled(open, now, reading)) found.push(open);
      }
    }
  }
  return found;
}

function mayBeCalled({ attempts, endedAt }: OpenContacts, now: number, reading: RetryReading): boolean {
  const { policy, isAnnounced } = reading;
  if (isAnnounced) return false;
  if (policy === null) return mayStillCome(reading, endedAt, now);
  return attempts < policy.maxAttempts && mayStillCome(reading, endedAt + policy.delaySeconds * 1_000, now);
}
