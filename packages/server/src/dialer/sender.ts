import { unreachable } from '@ringside/core';
import { type Instant, instantOf } from '../effects.ts';
import type { ReadyAttempt, StoredAttempt } from '../store/dialing/dial-store.ts';
import { fenceOf } from '../upkeep/lease.ts';
import { within } from '../within.ts';
import type { CallOrder, Placed, SendGuard } from './call-provider.ts';
import { callbackUrls } from './callback-urls.ts';
import { type CampaignView, isOpenFor } from './campaign-view.ts';
import { initiatedOf, notMadeOf } from './deliveries.ts';
import type { AccountParts } from './dialing-parts.ts';
import type { Line, OpenAttempt } from './line.ts';

type Sending = ReadyAttempt & OpenAttempt;

interface Result {
  readonly attempt: OpenAttempt;
  readonly placed: Placed;
}

const RETRY_STORING_MS = 500;
/** Nothing was sent, so both `intended` and `sending` mean that it goes back on the list. */
const NOT_STORED: Placed = { kind: 'not-sent', why: 'it could not be stored' };

/** Sends attempts, and stores what came of it before anything else is made of it. */
export class Sender {
  readonly #parts: AccountParts;
  readonly #results = new Map<Line, Result[]>();
  readonly #requests = new Set<Promise<void>>();
  /** Ends requests under way, when a stop has waited long enough for them. */
  readonly #giveUp = new AbortController();

  constructor(parts: AccountParts) {
    this.#parts = parts;
  }

  /** Begins to send attempts of one campaign. They count as under way at once. */
  send(line: Line, attempts: readonly ReadyAttempt[]): void {
    for (const attempt of attempts) line.sending.set(attempt.attemptId, attempt);
    const request = this.#begin(line, attempts).finally(() => this.#requests.delete(request));
    this.#requests.add(request);
  }

  /** Fulfils when no request is under way any more, and all results are stored. */
  async finish(withinMs: number): Promise<void> {
    const timer = setTimeout(() => this.#giveUp.abort(), withinMs);
    while (this.#requests.size > 0) await Promise.all(this.#requests);
    clearTimeout(timer);
    await Promise.all([...this.#results.keys()].map((line) => this.#store(line)));
  }

  async #begin(line: Line, attempts: readonly ReadyAttempt[]): Promise<void> {
    const { store, owner, effects, settings, gate, log } = this.#parts;
    const ids = attempts.map(({ attemptId }) => attemptId);
    const { now, clock: knownAt } = instantOf(effects);
    const deadline = knownAt + settings.sendWithinMs;
    const sendBefore = Math.floor(now + settings.sendWithinMs);
    const own = { sendBefore, knownAt, isInherited: false };
    try {
      const begun = new Set(await store.dial.beginSending(line.ref, ids, sendBefore, fenceOf(owner)));
      for (const id of ids.filter((one) => !begun.has(one))) {
        line.sending.delete(id);
        gate.forget(id);
      }
      const sent = attempts.filter(({ attemptId }) => begun.has(attemptId));
      const sendings = sent.map((attempt): Sending => ({ ...attempt, state: 'sending', ...own }));
      await Promise.all(sendings.map((attempt) => this.#place(line, attempt, deadline)));
    } catch (error) {
      // Whether the step was stored is not known: what is `sending` there is in doubt for whoever takes over.
      if (owner.isMine)
        log.warn({ err: error }, 'attempts could not be stored before they were sent: nothing was sent');
      for (const id of ids) gate.forget(id);
      for (const attempt of attempts) this.#note(line, { attempt: { ...attempt, ...own }, placed: NOT_STORED });
    }
  }

  async #place(line: Line, attempt: Sending, deadline: number): Promise<void> {
    const { provider, effects, stopping, counts } = this.#parts;
    const { monotonic } = effects;
    const { view } = line;
    const maySend: SendGuard['maySend'] = () => this.#maySend(line, attempt) && monotonic() < deadline;
    const leftMs = Math.max(1, Math.ceil(deadline - monotonic()));
    const placed: Placed =
      view === null || stopping.aborted
        ? { kind: 'not-sent', why: 'the server stops' }
        : await within(leftMs, this.#giveUp.signal, (signal) =>
            provider.place(orderOf(attempt, view, this.#parts.publicUrl()), { maySend, signal }),
          );
    counts.placed(placed);
    this.#judge(attempt, placed, instantOf(effects));
    this.#note(line, { attempt, placed });
  }

  #maySend(line: Line, { zone }: ReadyAttempt): boolean {
    const { owner, stopping, effects } = this.#parts;
    const now = effects.now();
    // It was taken in its hours, but may have waited for its turn since.
    const isInHours = line.view !== null && isOpenFor(line.view, zone, now);
    return owner.isMine && !stopping.aborted && line.isOpen(now) && isInHours;
  }

  /** What a result says of the account. */
  #judge({ attemptId }: StoredAttempt, placed: Placed, at: Instant): void {
    const { gate } = this.#parts;
    switch (placed.kind) {
      case 'accepted':
        return gate.accepted(attemptId);
      case 'in-doubt':
        return gate.failed(attemptId, placed.why, at);
      case 'not-sent':
        return this.#parts.stopping.aborted ? gate.forget(attemptId) : this.#notSent(attemptId, placed.why, at);
      case 'refused':
        return this.#refused(attemptId, placed, at);
      default:
        return unreachable(placed);
    }
  }

  /** The guard said no where there was no trouble at all. */
  #notSent(attemptId: string, why: string, at: Instant): void {
    const { gate } = this.#parts;
    if (why.startsWith('there ')) gate.failed(attemptId, `Nothing was sent: ${why}`, at);
    else gate.forget(attemptId);
  }

  #refused(attemptId: string, placed: Placed & { readonly kind: 'refused' }, at: Instant): void {
    const { gate } = this.#parts;
    const { scope, code, why, retryAfterMs } = placed;
    // Whatever it says of this contact, it works for the account.
    if (scope !== 'account') return gate.accepted(attemptId);
    if (code === 'rate-limited') return gate.refused('rate-limited', why, { at, pauseMs: retryAfterMs });
    if (code === 'out-of-credits') return gate.refused('out-of-credits', `${why}. Top up the account.`, { at });
    gate.refused('account-refused', why, { at });
  }

  #note(line: Line, result: Result): void {
    this.#results.set(line, [...(this.#results.get(line) ?? []), result]);
    this.#parts.jobs.run(`results ${line.key}`, () => this.#store(line));
  }

  /** All that came together in one transaction, until nothing is left. */
  async #store(line: Line): Promise<void> {
    const { store, owner, effects, log } = this.#parts;
    for (let batch = this.#take(line); batch.length > 0; batch = this.#take(line)) {
      const now = effects.now();
      const results = batch.map(({ attempt, placed }) => ({ ...resultOf(placed), attemptId: attempt.attemptId }));
      try {
        // In this order: a step to `sending` whose answer was lost may still be stored, and finds nothing, or is undone.
        await store.dial.putBack(line.ref, idsNotSent(batch), fenceOf(owner));
        await store.dial.endSending(line.ref, results, fenceOf(owner), now);
      } catch (error) {
        if (!owner.isMine) return this.#drop(line, batch);
        log.warn({ err: error }, 'what came of placing calls could not be stored yet');
        this.#results.set(line, [...batch, ...(this.#results.get(line) ?? [])]);
        await effects.sleep(RETRY_STORING_MS, this.#giveUp.signal);
        if (this.#giveUp.signal.aborted) return;
        continue;
      }
      await this.#tell(line, batch, now);
    }
  }

  #take(line: Line): Result[] {
    const batch = this.#results.get(line) ?? [];
    this.#results.delete(line);
    return batch;
  }

  /** Another node has taken over, and looks for these calls itself. */
  #drop(line: Line, batch: readonly Result[]): void {
    for (const { attempt } of batch) line.sending.delete(attempt.attemptId);
  }

  async #tell(line: Line, batch: readonly Result[], now: number): Promise<void> {
    const deliveries = batch.flatMap(({ attempt, placed }) => {
      const { attemptId } = attempt;
      line.sending.delete(attemptId);
      const result = resultOf(placed);
      if (result.kind === 'not-sent') return [];
      const requestId = result.kind === 'accepted' ? result.requestId : null;
      const after: OpenAttempt = { ...attempt, state: result.kind, requestId };
      line.open.set(attemptId, after);
      if (result.kind === 'refused') return [notMadeOf(after, result.why, now)];
      return [initiatedOf(after, sentAt(after, this.#parts.settings.sendWithinMs))];
    });
    line.takeAt = Math.min(line.takeAt, this.#parts.effects.monotonic());
    await this.#parts.tell(line.ref, deliveries);
    line.settleAt = 0;
  }
}

/** When it was sent, as exactly as is stored. */
export function sentAt({ sendBefore, madeAt }: StoredAttempt, sendWithinMs: number): number {
  return sendBefore === null ? madeAt : sendBefore - sendWithinMs;
}

/** What is refused for the account's sake is as if it had not been sent: the contact is not to blame. */
function resultOf(placed: Placed) {
  if (placed.kind !== 'refused') return placed;
  return placed.scope === 'account' ? ({ kind: 'not-sent' } as const) : placed;
}

function idsNotSent(batch: readonly Result[]): string[] {
  return batch.filter(({ placed }) => resultOf(placed).kind === 'not-sent').map(({ attempt }) => attempt.attemptId);
}

function orderOf(attempt: StoredAttempt, { plan, campaign }: CampaignView, publicUrl: string): CallOrder {
  const { workspace, campaignId, attemptId, contactId } = attempt;
  const next = plan.answerUrl === undefined ? null : { url: plan.answerUrl, method: plan.answerMethod };
  return {
    ...{ attemptId, from: attempt.callerId, to: attempt.number },
    ...callbackUrls(publicUrl, { workspace, campaignId, attemptId, contactId, next }),
    answerMethod: plan.answerMethod,
    machineDetection: plan.machineDetection,
    ringTimeoutSeconds: plan.ringTimeoutSeconds,
    timeLimitSeconds: campaign.maxCallSeconds,
  };
}
