import { unreachable } from '@ringside/core';
import { instantOf } from '../effects.ts';
import type { Look, StoredAttempt } from '../store/dialing/dial-store.ts';
import { fenceOf } from '../upkeep/lease.ts';
import type { Sighting } from './call-provider.ts';
import { initiatedOf, notMadeOf } from './deliveries.ts';
import type { AccountParts } from './dialing-parts.ts';
import type { Line, OpenAttempt } from './line.ts';
import { sentAt } from './sender.ts';
import type { DialerSettings } from './settings.ts';

/** What an attempt shows in reports of which it was proved that it never became a call. */
export const NOT_PLACED = 'Not placed';

/** What follows from a look. */
export interface Conclusion {
  readonly look: Look;
  readonly isProvedEmpty: boolean;
}

/**
 * One look in which nothing was found proves nothing: the call may still have waited in the provider's queue, or been on
 * its way from one list to the next. Two do, when the second was after the longest time that a request may wait there.
 */
export function conclude(
  attempt: Pick<StoredAttempt, 'emptyLooks'>,
  sighting: Sighting,
  isPastQueue: boolean,
): Conclusion {
  const { what } = sighting;
  switch (sighting.kind) {
    case 'live':
    case 'queued':
    case 'ended':
      return { look: { kind: 'placed', requestId: sighting.requestId, what }, isProvedEmpty: false };
    case 'none':
      return { look: { kind: 'empty', what }, isProvedEmpty: isPastQueue && attempt.emptyLooks > 0 };
    case 'unavailable':
      return { look: { kind: 'unknown', what }, isProvedEmpty: false };
    default:
      return unreachable(sighting);
  }
}

/** Times are of the clock that only goes forward: nothing is proved because the other was set forward. */
interface Plan {
  /** When it is looked for next. */
  at: number;
  /** From when on empty lists prove something. */
  readonly pastQueueAt: number;
  gapMs: number;
  /** Looks in a row that showed nothing reliable. */
  unknown: number;
}

/** Looks in the provider's lists for calls of which nobody knows whether they were made. */
export class Doubts {
  readonly #parts: AccountParts;
  readonly #plans = new Map<string, Plan>();

  constructor(parts: AccountParts) {
    this.#parts = parts;
  }

  /** The doubts of some campaigns whose time has come, the oldest first. */
  due(lines: readonly Line[], clock: number): (readonly [Line, OpenAttempt])[] {
    const doubts = lines.flatMap((line) =>
      [...line.open.values()].filter(isWaiting).map((one) => [line, one] as const),
    );
    const open = new Set(doubts.map(([, { attemptId }]) => attemptId));
    for (const id of this.#plans.keys()) if (!open.has(id)) this.#plans.delete(id);
    return doubts.filter(([, attempt]) => this.#planOf(attempt).at <= clock);
  }

  /** A look that fails for reasons of our own is tried again like one that showed nothing. */
  async lookFor(line: Line, attempt: OpenAttempt): Promise<void> {
    const plan = this.#planOf(attempt);
    plan.at = Number.POSITIVE_INFINITY;
    try {
      await this.#look(line, attempt);
    } finally {
      if (plan.at === Number.POSITIVE_INFINITY) plan.at = this.#parts.effects.monotonic() + plan.gapMs;
    }
  }

  async #look(line: Line, attempt: OpenAttempt): Promise<void> {
    const { provider, stopping, store, owner, effects, settings } = this.#parts;
    const { callerId: from, number: to, requestId, knownAt, isInherited } = attempt;
    const sent = {
      knownForMs: () => effects.monotonic() - knownAt,
      at: isInherited ? sentAt(attempt, settings.sendWithinMs) : null,
    };
    const others = (ids: readonly string[]) => store.dial.idsOfOthers(line.ref, attempt.attemptId, ids);
    const sighting = await provider.look({ from, to, requestId, sent, others }, stopping);
    // Meanwhile a callback may have proved it.
    if (stopping.aborted || !owner.isMine || line.open.get(attempt.attemptId)?.state !== 'in-doubt') return;
    const { now, clock } = instantOf(effects);
    const { look, isProvedEmpty } = conclude(attempt, sighting, clock >= this.#planOf(attempt).pastQueueAt);
    const plan = this.#postpone(attempt, look, clock);
    const needsPerson = plan.unknown >= settings.looksUntilPerson;
    await store.dial.noteLook(line.ref, attempt.attemptId, look, needsPerson, fenceOf(owner), now);
    const emptyLooks = look.kind === 'empty' ? attempt.emptyLooks + 1 : 0;
    line.open.set(attempt.attemptId, { ...attempt, emptyLooks, lookedAt: now, needsPerson });
    if (look.kind === 'placed') await this.#placed(line, attempt, look.requestId);
    if (isProvedEmpty) await this.#notPlaced(line, attempt, look.what, now);
  }

  async #placed(line: Line, attempt: OpenAttempt, requestId: string | null): Promise<void> {
    const { counts, tell, settings } = this.#parts;
    const placed: OpenAttempt = { ...attempt, state: 'placed', requestId: requestId ?? attempt.requestId };
    line.open.set(attempt.attemptId, placed);
    counts.resolved('placed');
    // By the provider's id its end can be asked for, when no callback comes.
    if (requestId !== null) await tell(line.ref, [initiatedOf(placed, sentAt(placed, settings.sendWithinMs))]);
  }

  async #notPlaced(line: Line, attempt: OpenAttempt, what: string, now: number): Promise<void> {
    const { store, counts, tell } = this.#parts;
    const why = `${what}, twice, after the longest time in the provider’s queue`;
    const resolved = await store.dial.resolveDoubt(line.ref, attempt.attemptId, 'not-placed', why, now, null);
    if (!resolved) return;
    line.open.set(attempt.attemptId, { ...attempt, ...resolved });
    counts.resolved('not-placed');
    await tell(line.ref, [notMadeOf(resolved, NOT_PLACED, now)]);
    line.settleAt = 0;
  }

  #planOf(attempt: OpenAttempt): Plan {
    const known = this.#plans.get(attempt.attemptId);
    if (known) return known;
    const { provider, settings } = this.#parts;
    const { firstLookMs } = settings;
    // What is found proves something at any time, and an owner of before sent it a while ago.
    const after = attempt.isInherited ? attempt.knownAt : attempt.knownAt + settings.sendWithinMs;
    const plan = { at: after + firstLookMs, gapMs: firstLookMs, unknown: 0 };
    const made = { ...plan, pastQueueAt: pastQueueAt(attempt, provider.longestQueueMs, settings) };
    this.#plans.set(attempt.attemptId, made);
    return made;
  }

  #postpone(attempt: OpenAttempt, look: Look, clock: number): Plan {
    const plan = this.#planOf(attempt);
    plan.gapMs = Math.min(plan.gapMs * 2, this.#parts.settings.longestLookGapMs);
    plan.unknown = look.kind === 'unknown' ? plan.unknown + 1 : 0;
    plan.at = clock + plan.gapMs;
    return plan;
  }
}

/** A request may have arrived as late as at its deadline; one of an owner of before as late as when it was taken over. */
export function pastQueueAt(
  { knownAt }: Pick<OpenAttempt, 'knownAt'>,
  longestQueueMs: number,
  { sendWithinMs, queueMarginMs }: Pick<DialerSettings, 'sendWithinMs' | 'queueMarginMs'>,
): number {
  return knownAt + sendWithinMs + longestQueueMs + queueMarginMs;
}

/** Somebody who must decide is not helped by further looks. */
function isWaiting({ state, needsPerson }: StoredAttempt): boolean {
  return state === 'in-doubt' && !needsPerson;
}
