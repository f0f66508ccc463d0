import { closingWordOf } from '@ringside/core';
import type { Campaign, CommandName, CommandPreview } from '@ringside/protocol';
import type { Applied } from '../ingest/receipt.ts';
import type { AuditNote } from '../store/access/records.ts';
import type { CampaignRef } from '../store/among-nodes.ts';
import type { DialStore } from '../store/dialing/dial-store.ts';
import type { Store } from '../store/store.ts';
import type { AnswerStep, Ask, Controlled, ControlStep, DueStep, Wish } from './control-step.ts';
import type { DialerControl } from './dialer-control.ts';
import { previewOf } from './preview.ts';
import type { RetryFailed, RetryWish } from './retry-failed.ts';

/** Asks external dialers. */
export interface Asking {
  /** How a workspace's dialer would be asked something now, `null` where nobody said how to reach it. */
  newAsk(workspace: string): Promise<Ask | null>;
  /** Asks what is pending of a campaign, and again until there is an answer. Does not wait for it. */
  ask(campaign: CampaignRef): void;
}

export interface ControlParts {
  readonly store: Pick<Store, 'control' | 'campaign' | 'declared' | 'report'>;
  readonly asking: Asking;
  readonly dialer: DialerControl;
  readonly dial: Pick<DialStore, 'setListOpen'>;
  readonly retryFailed: RetryFailed;
  readonly publish: (applied: Applied) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Commands after which there may be something to dial again. */
const opens: ReadonlySet<CommandName> = new Set(['start', 'resume', 'retry-failed']);

/** Commands to campaigns, whoever dials them. */
export class Control {
  readonly #parts: ControlParts;

  constructor(parts: ControlParts) {
    this.#parts = parts;
  }

  /** @returns `null` for an unknown campaign */
  async command(campaign: CampaignRef, wish: Wish, audit: AuditNote): Promise<Controlled | null> {
    const ask = await this.#parts.asking.newAsk(campaign.workspace);
    const done = await this.#step(campaign, { ...wish, kind: 'command', ask }, audit);
    if (!done || done.outcome === 'refused' || done.campaign.dialer !== 'built-in') return done;
    // The dialer has let go of a list that was done with. Whoever repeats the command mends what a crash left in between.
    if (opens.has(wish.command)) await this.#parts.dial.setListOpen(campaign, true);
    if (wish.hangUp) await this.#parts.dialer.hangUpLive(campaign);
    return done;
  }

  /**
   * Calls contacts once more that were not reached, where Ringside dials; an external dialer is asked to.
   * @returns also how many contacts, `null` where another dialer knows
   */
  async retryFailed(
    campaign: CampaignRef,
    wish: RetryWish,
    audit: AuditNote,
  ): Promise<{ readonly done: Controlled; readonly contacts: number | null } | null> {
    const { store, retryFailed, now } = this.#parts;
    const { workspace, campaignId } = campaign;
    const at = now();
    const [found, declared] = await Promise.all([
      store.campaign(workspace, campaignId, at),
      store.declared(workspace, campaignId, at),
    ]);
    if (!found || !declared) return null;
    const command = (): Promise<Controlled | null> => this.command(campaign, wish, audit);
    if (found.dialer === 'external') {
      const done = await command();
      return done && { done, contacts: null };
    }
    const endsAs = closingWordOf(declared, found.phase);
    return retryFailed.run({ campaign, found, endsAs, wish, command });
  }

  /** An external dialer answers what it was asked. @returns `null` for an unknown campaign */
  answer(campaign: CampaignRef, answer: Omit<AnswerStep, 'kind'>, audit: AuditNote): Promise<Controlled | null> {
    return this.#step(campaign, { ...answer, kind: 'answer' }, audit);
  }

  /** The time for something has come, at the moment that the note tells. */
  async due(campaign: CampaignRef, what: DueStep['what'], audit: AuditNote): Promise<Controlled | null> {
    const ask = what === 'resume' ? await this.#parts.asking.newAsk(campaign.workspace) : null;
    return this.#step(campaign, { kind: 'due', what, ask }, audit, audit.at);
  }

  /** What a command would come to. @returns `null` for an unknown campaign */
  async preview(campaign: CampaignRef, wish: Wish): Promise<CommandPreview | null> {
    const { store, retryFailed, now } = this.#parts;
    const { workspace, campaignId } = campaign;
    const at = now();
    const [found, declared, stored] = await Promise.all([
      store.campaign(workspace, campaignId, at),
      store.declared(workspace, campaignId, at),
      store.report(workspace, campaignId, 0, at),
    ]);
    if (!found || !declared || !stored) return null;
    const contacts = wish.command === 'retry-failed' ? await retryFailed.count(campaign, found, wish.outcomes) : null;
    const { command, until, hangUp } = wish;
    const { report } = stored;
    return previewOf({ command, campaign: found, declared, report, until, hangUp, contacts, now: at });
  }

  async #step(
    campaign: CampaignRef,
    step: ControlStep,
    audit: AuditNote,
    at = this.#parts.now(),
  ): Promise<Controlled | null> {
    const { store, publish, asking } = this.#parts;
    const done = await store.control(campaign.workspace, campaign.campaignId, step, at, audit);
    if (done?.outcome !== 'changed') return done;
    publish(done.applied);
    if (isAsked(done.campaign) && step.kind !== 'answer') asking.ask(campaign);
    return done;
  }
}

function isAsked({ confirmation }: Campaign): boolean {
  return confirmation.state === 'asked';
}
