import type { Delivery } from '@ringside/core';
import type { FastifyBaseLogger } from 'fastify';
import type { Effects } from '../effects.ts';
import type { Intake } from '../ingest/intake.ts';
import type { Applied } from '../ingest/receipt.ts';
import type { CampaignRef } from '../store/among-nodes.ts';
import type { Store } from '../store/store.ts';
import type { ChangeWords } from './deliveries.ts';

const AGAIN_AFTER_MS = 500;

export interface TellerParts {
  readonly intake: Pick<Intake, 'submit'>;
  readonly effects: Effects;
  readonly log: Pick<FastifyBaseLogger, 'warn'>;
  /** Aborted when the server stops: what cannot be stored then is told by whoever takes over. */
  readonly stopping: AbortSignal;
}

/** Tells campaigns what the dialer did, by the way of all events, as often as it takes. */
export function tellerOf({ intake, effects, log, stopping }: TellerParts) {
  const tellOne = async ({ workspace, campaignId }: CampaignRef, delivery: Delivery): Promise<void> => {
    const { receivedAt } = delivery;
    for (let isSaid = false; ; isSaid = true) {
      try {
        const { result } = await intake.submit({ kind: 'delivery', workspace, receivedAt, campaignId, delivery });
        if (result === 'rejected') log.warn({ campaign: campaignId }, 'what the dialer did was not taken in');
        return;
      } catch (error) {
        if (!isSaid) log.warn({ err: error }, 'what the dialer did could not be stored yet');
        if (stopping.aborted) return;
        await effects.sleep(AGAIN_AFTER_MS, stopping);
      }
    }
  };
  return async (campaign: CampaignRef, deliveries: readonly Delivery[]): Promise<void> => {
    await Promise.all(deliveries.map((delivery) => tellOne(campaign, delivery)));
  };
}

export interface ChangerParts extends Omit<TellerParts, 'intake'> {
  readonly store: Pick<Store, 'control'>;
  readonly publish: (applied: Applied) => void;
}

/** Changes campaigns as commands do: by one step, which looks at them as they are, as often as it takes. */
export function changerOf({ store, publish, effects, log, stopping }: ChangerParts) {
  return async ({ workspace, campaignId }: CampaignRef, words: ChangeWords): Promise<void> => {
    for (let isSaid = false; ; isSaid = true) {
      try {
        const done = await store.control(workspace, campaignId, { kind: 'dialed', ...words }, effects.now(), null);
        if (done?.outcome === 'changed') publish(done.applied);
        return;
      } catch (error) {
        if (!isSaid) log.warn({ err: error }, 'what the dialer changes could not be stored yet');
        if (stopping.aborted) return;
        await effects.sleep(AGAIN_AFTER_MS, stopping);
      }
    }
  };
}
