import { LONGEST_ANSWER_SECONDS } from '@ringside/protocol';
import type { FastifyBaseLogger } from 'fastify';
import type { SecretBox } from '../access/secret-box.ts';
import { newId } from '../access/secrets.ts';
import type { Effects } from '../effects.ts';
import type { AuditNote } from '../store/access/records.ts';
import type { CampaignRef } from '../store/among-nodes.ts';
import type { Store } from '../store/store.ts';
import type { Asking } from './control.ts';
import { type AnswerStep, type Ask, type Controlled, type PendingOrder, pendingOrderOf } from './control-step.ts';
import { FIRST_GAP_MS } from './timers-of.ts';
import { orderBody, sendOrder, type WebhookAnswer, webhookOwner } from './webhook.ts';

export interface CourierParts {
  readonly store: Pick<Store, 'declared' | 'access' | 'dial'>;
  readonly box: SecretBox;
  /** Puts an answer down. */
  readonly answer: (
    campaign: CampaignRef,
    answer: Omit<AnswerStep, 'kind'>,
    audit: AuditNote,
  ) => Promise<Controlled | null>;
  readonly effects: Pick<Effects, 'now' | 'monotonic'>;
  readonly log: Pick<FastifyBaseLogger, 'warn'>;
}

/** How long an answer is waited for, by a clock that only goes forward: the other may be set back meanwhile. */
interface Wait {
  readonly since: number;
  readonly until: number;
}

const MOST_WAITS = 10_000;
const NO_ANSWER = 'asked, not confirmed: its dialer did not answer in time';

/**
 * Brings commands to external dialers. What is asked is stored with the campaign, and when to ask again is a timer, so
 * that it goes on after a restart and on another node; an order has one id however often it is sent.
 */
export class Courier implements Asking {
  readonly #parts: CourierParts;
  readonly #stopping = new AbortController();
  readonly #underWay = new Set<Promise<void>>();
  /** Ids of orders that are on their way. */
  readonly #sending = new Set<string>();
  /** By the id of the order, from when this node first heard of it. */
  readonly #waits = new Map<string, Wait>();

  constructor(parts: CourierParts) {
    this.#parts = parts;
  }

  async newAsk(workspace: string): Promise<Ask | null> {
    const webhook = await this.#parts.store.access.controlWebhook(workspace);
    return webhook && { id: newId('ord'), timeoutMs: webhook.timeoutMs };
  }

  ask(campaign: CampaignRef): void {
    const asking = this.#ask(campaign)
      .catch((error: unknown) => {
        // The timer is still there: it is asked again.
        this.#parts.log.warn({ err: error, campaignId: campaign.campaignId }, 'a command could not be brought');
      })
      .finally(() => this.#underWay.delete(asking));
    this.#underWay.add(asking);
  }

  /** The time has come to ask again, or to stop waiting. Does not wait for what is on its way. */
  async due(campaign: CampaignRef, dueAt: number): Promise<void> {
    const order = await this.#pending(campaign);
    if (!order) return this.#parts.store.dial.clearTimer(campaign, 'confirm', dueAt);
    if (this.#sending.has(order.id)) return;
    if (this.#leftMs(order) <= 0) await this.#put(campaign, order, { state: 'unconfirmed', message: NO_ANSWER });
    else this.ask(campaign);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#underWay);
  }

  async #ask(campaign: CampaignRef): Promise<void> {
    const order = await this.#pending(campaign);
    if (!order || this.#sending.has(order.id) || this.#leftMs(order) <= 0 || this.#stopping.signal.aborted) return;
    this.#sending.add(order.id);
    try {
      await this.#setTimer(campaign, this.#gapMs(order));
      const answer = await this.#send(campaign, order);
      if (answer) await this.#hear(campaign, order, answer);
    } finally {
      this.#sending.delete(order.id);
    }
  }

  async #pending({ workspace, campaignId }: CampaignRef): Promise<PendingOrder | null> {
    const { store, effects } = this.#parts;
    const declared = await store.declared(workspace, campaignId, effects.now());
    return declared && pendingOrderOf(declared);
  }

  async #send({ workspace, campaignId }: CampaignRef, order: PendingOrder): Promise<WebhookAnswer | null> {
    const { store, box, effects } = this.#parts;
    const stored = await store.access.controlWebhook(workspace);
    if (!stored) return null;
    const webhook = { url: stored.url, secret: box.open(stored.secret, webhookOwner(workspace)) };
    const sent = { id: order.id, body: orderBody(campaignId, order), leftMs: this.#leftMs(order) };
    return sendOrder(webhook, sent, { now: effects.now(), signal: this.#stopping.signal });
  }

  async #hear(campaign: CampaignRef, order: PendingOrder, answer: WebhookAnswer): Promise<void> {
    switch (answer.kind) {
      case 'confirmed':
        return this.#put(campaign, order, { state: 'confirmed', message: null });
      case 'refused':
        return this.#put(campaign, order, { state: 'refused', message: answer.message });
      case 'later':
        return this.#setTimer(campaign, this.#leftMs(order));
      case 'silence':
        this.#parts.log.warn({ campaignId: campaign.campaignId, why: answer.why }, 'a command was not answered');
    }
  }

  async #put(campaign: CampaignRef, { id }: PendingOrder, said: Pick<AnswerStep, 'state' | 'message'>): Promise<void> {
    const { answer, effects } = this.#parts;
    const { workspace, campaignId: target } = campaign;
    const action = `campaign.${said.state}`;
    const audit = {
      at: effects.now(),
      workspace,
      actor: 'control-webhook',
      address: null,
      action,
      target,
      after: { id },
    };
    await answer(campaign, { id, ...said }, audit);
  }

  #setTimer(campaign: CampaignRef, inMs: number): Promise<void> {
    const { store, effects } = this.#parts;
    const dueAt = Math.ceil(effects.now() + Math.max(0, inMs));
    return store.dial.setTimer({ ...campaign, what: 'confirm', dueAt });
  }

  /** After as long again as it has been asked for, so that the gaps double; the last look is when its time is up. */
  #gapMs(order: PendingOrder): number {
    const askedMs = this.#parts.effects.monotonic() - this.#waitFor(order).since;
    return Math.min(this.#leftMs(order), Math.max(FIRST_GAP_MS, askedMs));
  }

  /** How much longer an answer is waited for. */
  #leftMs(order: PendingOrder): number {
    return this.#waitFor(order).until - this.#parts.effects.monotonic();
  }

  #waitFor({ id, answerBy }: PendingOrder): Wait {
    const known = this.#waits.get(id);
    if (known) return known;
    const { now, monotonic } = this.#parts.effects;
    const since = monotonic();
    const wait = { since, until: since + Math.min(answerBy - now(), LONGEST_ANSWER_SECONDS * 1_000) };
    const [oldest] = this.#waits.keys();
    if (this.#waits.size >= MOST_WAITS && oldest !== undefined) this.#waits.delete(oldest);
    this.#waits.set(id, wait);
    return wait;
  }
}
