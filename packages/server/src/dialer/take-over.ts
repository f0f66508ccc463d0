import type { StoredAttempt } from '../store/dialing/dial-store.ts';
import { fenceOf } from '../upkeep/lease.ts';
import { initiatedOf, notMadeOf } from './deliveries.ts';
import type { AccountParts } from './dialing-parts.ts';
import { NOT_PLACED } from './doubts.ts';
import type { Line } from './line.ts';
import { sentAt } from './sender.ts';
import { byCampaign } from './settler.ts';

const OWNER_DIED = 'whoever sent it ended before its answer was stored';

/**
 * What an owner of before left behind: what was only intended goes back on the list, what was being sent is in doubt, and
 * whatever it may not have told any more is told once more.
 * @param lineOf the line of a campaign, made where there is none yet
 */
export async function takeOver(parts: AccountParts, lineOf: (attempt: StoredAttempt) => Line): Promise<void> {
  const { store, authId, owner, effects, log, settings, tell } = parts;
  const left = await store.dial.openAttempts(authId);
  if (left.length > 0) log.info({ attempts: left.length }, 'the dialer takes over attempts that are not settled');
  for (const attempts of byCampaign(left)) {
    const [first] = attempts;
    if (!first) continue;
    const line = lineOf(first);
    const idsOf = (state: StoredAttempt['state']) =>
      attempts.filter((attempt) => attempt.state === state).map(({ attemptId }) => attemptId);
    await store.dial.putBack(line.ref, idsOf('intended'), fenceOf(owner));
    const doubted = idsOf('sending').map((attemptId) => ({ attemptId, kind: 'in-doubt', why: OWNER_DIED }) as const);
    await store.dial.endSending(line.ref, doubted, fenceOf(owner), effects.now());
    const open = attempts
      .filter(({ state }) => state !== 'intended')
      .map((attempt) => (attempt.state === 'sending' ? { ...attempt, state: 'in-doubt' as const } : attempt));
    const inherited = { knownAt: effects.monotonic(), isInherited: true };
    for (const attempt of open) line.open.set(attempt.attemptId, { ...attempt, ...inherited });
    await tell(
      line.ref,
      open.map((attempt) => toldOf(attempt, settings.sendWithinMs, effects.now())),
    );
  }
}

function toldOf(attempt: StoredAttempt, sendWithinMs: number, now: number) {
  if (attempt.state === 'refused') return notMadeOf(attempt, attempt.evidence.at(-1)?.what ?? NOT_PLACED, now);
  if (attempt.state === 'not-placed') return notMadeOf(attempt, NOT_PLACED, now);
  return initiatedOf(attempt, sentAt(attempt, sendWithinMs));
}
