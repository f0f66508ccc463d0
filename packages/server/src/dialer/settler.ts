import { hangupName, retryDue } from '@ringside/core';
import { instantOf } from '../effects.ts';
import type { EndedAttempt, HeardOf, StoredAttempt } from '../store/dialing/dial-store.ts';
import { fenceOf } from '../upkeep/lease.ts';
import { burstOf, recentEnds } from './breaker.ts';
import { dueWithin } from './campaign-view.ts';
import { retryOf } from './deliveries.ts';
import type { AccountParts } from './dialing-parts.ts';
import type { Line } from './line.ts';

/** Attempts asked about in one go. */
const AT_ONCE = 500;
const MOST_DOUBTS = 10_000;

/** Hangup codes by which the provider speaks of the account and not of the call. */
const OUT_OF_CREDITS = 1010;
const limitCodes: ReadonlySet<number> = new Set([1020, 5030]);

/**
 * After the end of a call: decides whether its contact is called again, tells the campaign, and settles the attempt, in
 * this order. Each step may be repeated, so a crash in between does no harm.
 */
export class Settler {
  readonly #parts: AccountParts;

  constructor(parts: AccountParts) {
    this.#parts = parts;
  }

  /** Settles what has ended of a campaign. */
  async settle(line: Line): Promise<void> {
    // Without it nobody could say whether a contact is called again.
    if (line.view === null) return;
    await this.#hearPersons(line);
    const ids = [...line.open.keys()];
    for (let at = 0; at < ids.length && this.#parts.owner.isMine; at += AT_ONCE) {
      const some = ids.slice(at, at + AT_ONCE);
      const { ended, heardOf } = await this.#parts.store.dial.endedAttempts(line.ref, some);
      for (const heard of heardOf) await this.#proved(line, heard);
      const proved = new Set(heardOf.map(({ attemptId }) => attemptId));
      // What is in doubt still, though something says that it ended, is for the lists or for a person to prove. A person
      // may have done so by way of another node, so the stored state counts.
      const certain = ended.filter(({ attemptId, state }) => state !== 'in-doubt' || proved.has(attemptId));
      await this.#settleEnded(line, certain);
    }
  }

  /** Whoever was asked to decide may have done so by way of another node. */
  async #hearPersons(line: Line): Promise<void> {
    const asked = [...line.open.values()].filter(({ needsPerson }) => needsPerson);
    if (asked.length === 0) return;
    const { workspace, campaignId } = line.ref;
    const left = await this.#parts.store.dial.doubtful(workspace, campaignId, MOST_DOUBTS);
    const ids = new Set(left.map(({ attemptId }) => attemptId));
    for (const attempt of asked.filter(({ attemptId }) => !ids.has(attemptId)))
      line.open.set(attempt.attemptId, { ...attempt, needsPerson: false, state: 'placed' });
  }

  async #proved(line: Line, { attemptId, requestId }: HeardOf): Promise<void> {
    const { store, effects, counts, owner } = this.#parts;
    const attempt = line.open.get(attemptId);
    if (attempt?.state !== 'in-doubt') return;
    const look = { kind: 'placed', requestId, what: 'the provider told of the call' } as const;
    await store.dial.noteLook(line.ref, attemptId, look, false, owner.fence, effects.now());
    line.open.set(attemptId, { ...attempt, state: 'placed', requestId: requestId ?? attempt.requestId });
    counts.resolved('placed');
  }

  async #settleEnded(line: Line, ended: readonly EndedAttempt[]): Promise<void> {
    if (ended.length === 0) return;
    const { store, owner, effects, tell } = this.#parts;
    const settled = ended.map((attempt) => ({ attempt, dueAt: this.#dueAt(line, attempt) }));
    const retries = settled.flatMap(({ attempt, dueAt }) =>
      dueAt === null ? [] : [retryOf(attempt, attempt.endedAt, dueAt)],
    );
    await tell(line.ref, retries);
    await store.dial.settle(
      line.ref,
      settled.map(({ attempt, dueAt }) => {
        const { attemptId, outcome } = attempt;
        return { attemptId, outcome, dueAt, isFree: isFree(attempt) };
      }),
      fenceOf(owner),
      effects.now(),
    );
    for (const { attempt } of settled) {
      line.open.delete(attempt.attemptId);
      this.#learn(line, attempt);
    }
    line.takeAt = 0;
    line.isDrained = false;
    await this.#mindBurst(line);
  }

  /** When the contact is called again. */
  #dueAt({ view }: Line, attempt: EndedAttempt): number | null {
    if (view === null || view.isOver) return null;
    const { outcome, earlier, extra, state } = attempt;
    // The provider's clock may be ahead of this one, and nobody waits for that.
    const endedAt = Math.min(attempt.endedAt, this.#parts.effects.now());
    // Where it is the account's fault, not before that is tried again.
    if (isFree(attempt))
      return dueWithin(view, endedAt + (state === 'not-placed' ? 0 : this.#parts.settings.firstHoldMs));
    const due = retryDue(view.campaign.retry, { outcomes: [...earlier, outcome], endedAt, extra });
    return due === null ? null : dueWithin(view, Math.max(due, 1));
  }

  /** What the end says of the account. */
  #learn(line: Line, { attemptId, hangupCode, outcome, endedAt, cause, state }: EndedAttempt): void {
    const { gate, effects, busy } = this.#parts;
    const at = instantOf(effects);
    if (hangupCode === OUT_OF_CREDITS) {
      const message = 'Calls end with hangup code 1010: the account is out of credits. Top it up.';
      gate.refused('out-of-credits', message, { at, byCall: true });
    } else if (hangupCode !== null && limitCodes.has(hangupCode)) {
      gate.limited(busy(), at);
      gate.forget(attemptId);
    } else if (state === 'refused' || state === 'not-placed') {
      // There was no call, so that nothing was tried: another one must.
      gate.forget(attemptId);
    } else gate.wentWell(attemptId);
    // Nothing was tried where nothing was placed: after a crash there may be many of those at once.
    if (state === 'not-placed') return;
    const words = hangupCode === null ? cause : (hangupName(hangupCode) ?? `code ${hangupCode}`);
    line.ends.push({ at: at.clock - Math.max(0, at.now - endedAt), outcome, cause: words });
  }

  /** Pauses the campaign when nearly everything fails. */
  async #mindBurst(line: Line): Promise<void> {
    const { settings, effects, change, log, counts } = this.#parts;
    const { now, clock } = instantOf(effects);
    line.ends = recentEnds(line.ends, clock, settings.breaker);
    const why = line.isOpen(now) ? burstOf(line.ends, clock, settings.breaker) : null;
    if (why === null) return;
    line.isBroken = true;
    counts.breakersOpened += 1;
    log.warn({ campaign: line.ref.campaignId, why }, 'a campaign was paused: nearly all of its calls failed');
    await change(line.ref, { change: 'paused', actor: 'breaker', reason: why });
    line.forgetView(effects.monotonic());
  }
}

/**
 * Whether nobody's telephone rang, for reasons that are not the contact's: it takes nothing from their budget, or a contact
 * with one attempt would never be called.
 */
function isFree({ state, hangupCode }: EndedAttempt): boolean {
  return state === 'not-placed' || hangupCode === OUT_OF_CREDITS || (hangupCode !== null && limitCodes.has(hangupCode));
}

/** Attempts by campaign. */
export function byCampaign(attempts: readonly StoredAttempt[]): StoredAttempt[][] {
  const groups = new Map<string, StoredAttempt[]>();
  for (const attempt of attempts) {
    const key = `${attempt.workspace}\0${attempt.campaignId}`;
    groups.set(key, [...(groups.get(key) ?? []), attempt]);
  }
  return [...groups.values()];
}
