import { type CallDelivery, type ClosingWord, decideCommand } from '@ringside/core';
import type { Campaign, Outcome } from '@ringside/protocol';
import { contentHash } from '../ingest/api-event.ts';
import type { Applied, Receipt } from '../ingest/receipt.ts';
import type { CampaignRef } from '../store/among-nodes.ts';
import type { DialStore } from '../store/dialing/dial-store.ts';
import type { Store } from '../store/store.ts';
import type { Controlled, Wish } from './control-step.ts';

/** A wish to call contacts once more, with the key by which it is known when it is sent again. */
export type RetryWish = Wish & { readonly key: string };

export interface RetryParts {
  readonly store: Pick<Store, 'apply' | 'report'>;
  readonly dial: Pick<DialStore, 'failedContacts' | 'dialAgain' | 'setListOpen' | 'onceByKey' | 'answerByKey'>;
  readonly publish: (applied: Applied) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface RetryOrder {
  readonly campaign: CampaignRef;
  /** As it was found. */
  readonly found: Campaign;
  /** The closing word under which its last calls finish, `null` without one. */
  readonly endsAs: ClosingWord | null;
  readonly wish: RetryWish;
  /** Puts into the timeline that it was done, and makes a campaign go on that was completed. */
  readonly command: () => Promise<Controlled | null>;
}

export interface Retried {
  readonly done: Controlled;
  readonly contacts: number | null;
}

const PAGE = 1_000;
/** Of one request; another one goes on from there. */
const MOST_CONTACTS = 100_000;

/**
 * Calls contacts of a campaign once more that were tried and not reached. The work is done within the request. A key
 * stands for the moment at which the command was given first: whoever sends it again finds the contacts that it was
 * about called since, or due, so a process that died in the middle is simply asked again.
 */
export class RetryFailed {
  readonly #parts: RetryParts;
  readonly #running = new Map<string, Promise<Retried | null>>();

  constructor(parts: RetryParts) {
    this.#parts = parts;
  }

  /** How many contacts it would be about. */
  async count(
    campaign: CampaignRef,
    { dialer }: Campaign,
    outcomes: readonly Outcome[] | null,
  ): Promise<number | null> {
    if (dialer === 'external') return null;
    let count = 0;
    for await (const page of this.#failed(campaign, outcomes, Number.POSITIVE_INFINITY)) count += page.length;
    return count;
  }

  run(order: RetryOrder): Promise<Retried | null> {
    const { workspace, campaignId } = order.campaign;
    const name = `${workspace} ${campaignId} ${order.wish.key} ${outcomesOf(order.wish)}`;
    const running = this.#running.get(name) ?? this.#run(order).finally(() => this.#running.delete(name));
    this.#running.set(name, running);
    return running;
  }

  async #run({ campaign, found, endsAs, wish, command }: RetryOrder): Promise<Retried | null> {
    const decision = decideCommand('retry-failed', { ...found, endsAs });
    const { dial, now } = this.#parts;
    const { workspace, campaignId } = campaign;
    // What the caller wrote comes last: whatever it holds, it is no other key.
    const key = `retry-failed ${campaignId} ${wish.key}`;
    const doneKey = `retry-failed-done ${campaignId} ${wish.key}`;
    if (decision.kind === 'refused') {
      return { done: { outcome: 'refused', code: 'phase-conflict', why: decision.why }, contacts: null };
    }
    const first = now();
    const wanted = outcomesOf(wish);
    const own = `${first} ${wanted} ${await this.#lastHeardAt(campaign, first)}`;
    const began = await dial.onceByKey(workspace, key, own, first);
    const [beganAt = '', beganFor = '', before = beganAt] = (began ?? own).split(' ');
    if (beganFor !== wanted) {
      const why = 'This Idempotency-Key was sent with other outcomes before: send another key with these.';
      return { done: { outcome: 'refused', code: 'validation-failed', why }, contacts: null };
    }
    const nothing: Controlled = { outcome: 'already', campaign: found, applied: { results: [], touched: [] } };
    const told = began === null ? null : await dial.answerByKey(workspace, doneKey);
    if (told !== null) return { done: nothing, contacts: Number(told) };
    const moments = { before: Number(before), dueAt: Number(beganAt) };
    const contacts = await this.#dialAgain(campaign, wish.outcomes, moments);
    const isNothing = contacts === 0 && began === null;
    if (!isNothing) await dial.setListOpen(campaign, true);
    const done = isNothing ? nothing : await command();
    await dial.onceByKey(workspace, doneKey, String(contacts), now());
    return done && { done, contacts };
  }

  /** Of all that is stored of the campaign: an end may be dated ahead of the clock. */
  async #lastHeardAt({ workspace, campaignId }: CampaignRef, now: number): Promise<number> {
    const stored = await this.#parts.store.report(workspace, campaignId, 0, now);
    const heardAt = stored?.report.timeline.lastUpdateTime ?? null;
    return heardAt === null ? now : Math.max(now, Date.parse(heardAt));
  }

  /** The announcement goes first, so that a contact which is due always counts as one that waits for its retry. */
  async #dialAgain(
    campaign: CampaignRef,
    outcomes: readonly Outcome[] | null,
    { before, dueAt }: { readonly before: number; readonly dueAt: number },
  ): Promise<number> {
    const { store, dial, publish, now } = this.#parts;
    let count = 0;
    for await (const page of this.#failed(campaign, outcomes, before)) {
      const receipts = page.map((failed): Receipt => {
        const receivedAt = now();
        const delivery = retryDelivery(failed, dueAt, receivedAt);
        return { kind: 'delivery', ...campaign, receivedAt, delivery };
      });
      publish(await store.apply(receipts));
      count += await dial.dialAgain(
        campaign,
        page.map(({ contactKey }) => contactKey),
      );
    }
    return count;
  }

  /** Contacts whose last call ended before a moment, a page at a time. */
  async *#failed(campaign: CampaignRef, outcomes: readonly Outcome[] | null, before: number) {
    let after = '';
    for (let seen = 0; seen < MOST_CONTACTS; seen += PAGE) {
      const page = await this.#parts.dial.failedContacts(campaign, outcomes, after, PAGE);
      const own = page.filter(({ endedAt }) => endedAt <= before);
      if (own.length > 0) yield own;
      const last = page.at(-1);
      if (!last || page.length < PAGE) return;
      after = last.contactKey;
    }
  }
}

/** The same however they were put. */
function outcomesOf({ outcomes }: RetryWish): string {
  return [...new Set(outcomes ?? [])].sort().join(',');
}

interface FailedContact {
  readonly contactKey: string;
  readonly callRow: string;
  readonly endedAt: number;
}

function retryDelivery({ callRow, endedAt }: FailedContact, dueAt: number, receivedAt: number): CallDelivery {
  return {
    ...{ about: 'call', source: 'api', receivedAt, aliases: [{ kind: 'attempt', id: callRow }] },
    hash: contentHash({ retry: callRow, endedAt, dueAt }),
    ...{ to: null, from: null, contactId: null, attributes: null },
    events: [{ type: 'retry', at: endedAt, timing: 'exact', dueAt }],
  };
}
