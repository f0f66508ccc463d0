import { createHash } from 'node:crypto';
import type { Touched } from '../ingest/receipt.ts';
import type { CampaignRef } from '../store/among-nodes.ts';

/** What one may follow: a campaign, or all campaigns of a workspace. Names are short, and safe in any subject. */
export type Topic = string & { readonly __topic: true };

/**
 * Carries from node to node which campaigns changed. It may lose messages, and be away for as long as it likes: every
 * node also looks itself (see `watch.ts`). So nothing here ever throws at those who publish.
 */
export interface Bus {
  /** Tells the other nodes what this one committed. */
  publish(touched: readonly Touched[]): void;
  follow(topic: Topic): void;
  unfollow(topic: Topic): void;
  /** @param hear what other nodes committed of what this one follows */
  start(hear: (touched: readonly Touched[]) => void): void;
  stop(): Promise<void>;
  /** For the operator. */
  readonly isUp: boolean;
}

/** The bus of a node that is alone with its store: there is nobody to tell. */
export const localBus: Bus = {
  publish: () => {},
  follow: () => {},
  unfollow: () => {},
  start: () => {},
  stop: async () => {},
  isUp: true,
};

export function topicOfCampaign({ workspace, campaignId }: CampaignRef): Topic {
  return topicOf(`campaign\0${workspace}\0${campaignId}`);
}

export function topicOfWorkspace(workspace: string): Topic {
  return topicOf(`workspace\0${workspace}`);
}

function topicOf(name: string): Topic {
  return createHash('sha256').update(name).digest('hex').slice(0, 32) as Topic;
}
