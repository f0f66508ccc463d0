import type { FastifyBaseLogger } from 'fastify';
import type { SecretBox } from '../access/secret-box.ts';
import { newId } from '../access/secrets.ts';
import type { AuditNote } from '../store/access/records.ts';
import type { Store } from '../store/store.ts';
import type { Asking } from './control.ts';
import type { AnswerStep, Ask, Controlled, PendingOrder } from './control-step.ts';
import type { CampaignName } from './dialer-control.ts';
import { orderBody, sendOrder, type WebhookAnswer, webhookOwner } from './webhook.ts';

export interface CourierParts {
  readonly store: Pick<Store, 'pendingOrder' | 'access' | 'dial'>;
  readonly box: SecretBox;
  /** Puts an answer down. */
  readonly answer: (
    campaign: CampaignName,
    answer: Omit<AnswerStep, 'kind'>,
    audit: AuditNote,
  ) => Promise<Controlled | null>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly log: Pick<FastifyBaseLogger, 'warn'>;
}

/** A first answer is waited for this long, then twice as long, and so on. */
export const FIRST_GAP_MS = 1_000;
const NO_ANSWER = 'asked, not confirmed: its dialer did not answer in time';

/**
 * Brings commands to external dialers. What is asked is stored with the campaign, and when to ask again is a timer, so
 * that it goes on after a restart and on another node; an order has one id however often it is sent.
 */
export class Courier implements Asking {
  readonly #parts: CourierParts;
  readonly #stopping = new AbortController();
  /** Orders on their way, by campaign. */
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(parts: CourierParts) {
    this.#parts = parts;
  }

  async newAsk(workspace: string): Promise<Ask | null> {
    const webhook = await this.#parts.store.access.controlWebhook(workspace);
    return webhook && { id: newId('ord'), timeoutMs: webhook.timeoutMs };
  }

  ask(campaign: CampaignName): void {
    const name = `${campaign.workspace} ${campaign.campaignId}`;
    if (this.#stopping.signal.aborted) return;
    const before = this.#underWay.get(name) ?? Promise.resolve();
    const asking = before
      .then(() => this.#ask(campaign))
      .catch((error: unknown) => {
        // The timer is still there: it is asked again.
        this.#parts.log.warn({ err: error, campaignId: campaign.campaignId }, 'a command could not be brought');
      })
      .finally(() => {
        if (this.#underWay.get(name) === asking) this.#underWay.delete(name);
      });
    this.#underWay.set(name, asking);
  }

  /** The time has come to ask again, or to stop waiting. Returns at once for what is on its way already. */
  async due(campaign: CampaignName): Promise<void> {
    if (this.#underWay.has(`${campaign.workspace} ${campaign.campaignId}`)) return;
    const { store, now } = this.#parts;
    const order = await store.pendingOrder(campaign.workspace, campaign.campaignId, now());
    if (!order) return store.dial.clearTimer(campaign, 'confirm');
    if (now() >= order.answerBy) {
      await this.#put(campaign, order, { state: 'unconfirmed', message: NO_ANSWER });
      return;
    }
    this.ask(campaign);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#underWay.values());
  }

  async #ask(campaign: CampaignName): Promise<void> {
    const { store, box, now } = this.#parts;
    const { workspace, campaignId } = campaign;
    const order = await store.pendingOrder(workspace, campaignId, now());
    if (!order || now() >= order.answerBy || this.#stopping.signal.aborted) return;
    await this.#setTimer(campaign, nextTry(order, now()));
    const stored = await store.access.controlWebhook(workspace);
    if (!stored) return;
    const webhook = { url: stored.url, secret: box.open(stored.secret, webhookOwner(workspace)) };
    const sent = { id: order.id, body: orderBody(campaignId, order) };
    await this.#hear(campaign, order, await sendOrder(webhook, sent, { now: now(), signal: this.#stopping.signal }));
  }

  async #hear(campaign: CampaignName, order: PendingOrder, answer: WebhookAnswer): Promise<void> {
    switch (answer.kind) {
      case 'confirmed':
        return this.#put(campaign, order, { state: 'confirmed', message: null });
      case 'refused':
        return this.#put(campaign, order, { state: 'refused', message: answer.message });
      case 'later':
        return this.#setTimer(campaign, order.answerBy);
      case 'silence':
        this.#parts.log.warn({ campaignId: campaign.campaignId, why: answer.why }, 'a command was not answered');
    }
  }

  async #put(
    campaign: CampaignName,
    { id }: PendingOrder,
    said: Pick<AnswerStep, 'state' | 'message'>,
  ): Promise<void> {
    const { answer, now } = this.#parts;
    const { workspace, campaignId: target } = campaign;
    const action = `campaign.${said.state}`;
    const audit = { at: now(), workspace, actor: 'control-webhook', address: null, action, target, after: { id } };
    await answer(campaign, { id, ...said }, audit);
  }

  #setTimer(campaign: CampaignName, dueAt: number): Promise<void> {
    return this.#parts.store.dial.setTimer({ ...campaign, what: 'confirm', dueAt });
  }
}

/** After as long again as it has been asked for, so that the gaps double; the last look is when its time is up. */
function nextTry({ askedAt, answerBy }: PendingOrder, now: number): number {
  return Math.min(answerBy, now + Math.max(FIRST_GAP_MS, now - askedAt));
}
