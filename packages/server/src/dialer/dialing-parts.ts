import type { Delivery } from '@ringside/core';
import type { AccountLimits } from '@ringside/protocol';
import type { FastifyBaseLogger } from 'fastify';
import type { Effects } from '../effects.ts';
import type { CampaignRef } from '../store/among-nodes.ts';
import type { Store } from '../store/store.ts';
import type { Ownership } from '../upkeep/lease.ts';
import type { AccountGate } from './account-gate.ts';
import type { CallProvider } from './call-provider.ts';
import type { ChangeWords } from './deliveries.ts';
import type { DialCounts } from './dial-counts.ts';
import type { Jobs } from './jobs.ts';
import type { DialerSettings } from './settings.ts';

/** What dialing needs of the rest of the server. */
export interface DialingParts {
  readonly store: Pick<Store, 'campaign' | 'declared' | 'dial'>;
  /** Stores what happened to a campaign. Fulfils when it is durable; tries again until it is, or the server stops. */
  readonly tell: (campaign: CampaignRef, deliveries: readonly Delivery[]) => Promise<void>;
  /** Changes a campaign, unless somebody ended or paused it meanwhile; as patient as `tell`. */
  readonly change: (campaign: CampaignRef, words: ChangeWords) => Promise<void>;
  /** Tells a campaign what its list consists of now. */
  readonly tellList: (campaign: CampaignRef) => Promise<unknown>;
  readonly effects: Effects;
  readonly log: Pick<FastifyBaseLogger, 'info' | 'warn' | 'error'>;
  readonly counts: DialCounts;
  readonly settings: DialerSettings;
  /** How the provider reaches this server, without a slash at the end. */
  readonly publicUrl: () => string;
}

/** The same for one account, with what its parts share. */
export interface AccountParts extends DialingParts {
  /** The provider's id of the account. */
  readonly authId: string;
  readonly provider: CallProvider;
  readonly owner: Ownership;
  readonly limits: () => AccountLimits;
  readonly gate: AccountGate;
  readonly jobs: Jobs;
  /** Calls that the account has under way, of all its campaigns. */
  readonly busy: () => number;
  /** Aborted when the server stops: nothing more is sent. */
  readonly stopping: AbortSignal;
}
