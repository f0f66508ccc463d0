import { setTimeout as timeout } from 'node:timers/promises';
import { saidNow } from '@ringside/core';
import type { AccountLimits } from '@ringside/protocol';
import { type Effects, instantOf } from '../effects.ts';
import type { Account } from '../providers/accounts.ts';
import type { CampaignRef } from '../store/among-nodes.ts';
import type { DialedCampaign } from '../store/dialing/dial-store.ts';
import { StoreIsAway } from '../store/store.ts';
import type { OwnLease } from '../upkeep/lease.ts';
import { AccountDialer } from './account-dialer.ts';
import type { CallProvider } from './call-provider.ts';
import { holdOf } from './deliveries.ts';
import type { DialingParts } from './dialing-parts.ts';
import { groupByAccount, type Placed } from './group-by-account.ts';

/** A provider that keeps connections. */
export type OpenProvider = CallProvider & { close(): void };

export interface DialersParts extends DialingParts {
  /** Accounts of a workspace, its first before all. */
  readonly accountsOf: (workspace: string) => readonly Account[];
  readonly limitsOf: (account: Account) => AccountLimits;
  readonly providerOf: (account: Account, effects: Effects) => OpenProvider;
  /** Whether this node dials for an account: a lease of that name. */
  readonly lease: (name: string) => OwnLease;
  /** Whether this node says what no account's dialer can say. */
  readonly isUpkeep: () => boolean;
  /** Ends whatever is waited for. */
  readonly stopping: AbortController;
}

interface Running {
  /** As it was read last. */
  account: Account;
  readonly provider: OpenProvider;
  readonly lease: OwnLease;
  readonly dialer: AccountDialer;
}

const LOOK_EVERY_MS = 500;
const NO_ACCOUNT_EVERY_MS = 60_000;
const HANG_UP_LANES = 8;
const NO_ACCOUNT = 'There is no provider account to dial with: add one, or name another in the campaign.';
const OTHER_TOKEN = 'The token of its provider account is not the one by which the account is dialed: replace it.';

/** Finds the campaigns that Ringside dials, and dials them, one {@link AccountDialer} for each provider account. */
export class Dialers {
  readonly #parts: DialersParts;
  readonly #running = new Map<string, Running>();
  readonly #accountOf = new Map<string, string>();
  readonly #toldNoAccount = new Map<string, number>();
  #loop: Promise<void> = Promise.resolve();

  constructor(parts: DialersParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#loop = this.#keepLooking(this.#parts.stopping.signal);
  }

  /** Sends nothing more from now on. Fulfils when what was under way is stored. */
  async stop(): Promise<void> {
    this.#parts.stopping.abort();
    await this.#loop;
    await Promise.all([...this.#running.values()].map((one) => this.#end(one)));
    this.#running.clear();
  }

  /** Campaigns changed, whoever changed them. */
  touched(campaigns: readonly CampaignRef[]): void {
    for (const ref of campaigns) {
      const authId = this.#accountOf.get(keyOf(ref));
      if (authId !== undefined) this.#running.get(authId)?.dialer.changed(ref);
    }
  }

  /** Ends the live calls of a campaign, on whatever node this is. @returns how many were ended */
  async hangUpLive({ workspace, campaignId }: CampaignRef): Promise<number> {
    const { signal } = this.#parts.stopping;
    const accounts = this.#parts.accountsOf(workspace).filter(canDial);
    let ended = 0;
    for (const account of accounts) {
      const provider =
        this.#running.get(account.authId)?.provider ?? this.#parts.providerOf(account, this.#parts.effects);
      const open = await this.#parts.store.dial.openAttempts(account.authId);
      const ids = open.flatMap((attempt) => {
        const isIts = attempt.workspace === workspace && attempt.campaignId === campaignId;
        return isIts && attempt.requestId !== null ? [attempt.requestId] : [];
      });
      for (let at = 0; at < ids.length && !signal.aborted; at += HANG_UP_LANES) {
        const done = await Promise.all(ids.slice(at, at + HANG_UP_LANES).map((id) => provider.hangUp(id, signal)));
        ended += done.filter(Boolean).length;
      }
      if (this.#running.get(account.authId)?.provider !== provider) provider.close();
    }
    return ended;
  }

  /** What this node did since it started. */
  get counts() {
    return this.#parts.counts.read();
  }

  /** For the operator: what is under way on this node. */
  read() {
    const all = [...this.#running.values()].map(({ dialer, lease }) => ({ ...dialer.read(), isMine: lease.isMine }));
    const sum = (read: (one: (typeof all)[number]) => number) => all.reduce((total, one) => total + read(one), 0);
    return {
      accounts: sum(({ isMine }) => (isMine ? 1 : 0)),
      campaigns: sum(({ campaigns }) => campaigns),
      underWay: sum(({ underWay }) => underWay),
      inDoubt: sum(({ inDoubt }) => inDoubt),
      needsPerson: sum(({ needsPerson }) => needsPerson),
      callsPerSecond: sum(({ isMine, callsPerSecond }) => (isMine ? callsPerSecond : 0)),
    };
  }

  async #keepLooking(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#look();
      } catch (error) {
        if (!(error instanceof StoreIsAway))
          this.#parts.log.error({ err: error }, 'campaigns to dial could not be looked up; it is tried again');
      }
      await timeout(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
    }
  }

  async #look(): Promise<void> {
    const campaigns = await this.#parts.store.dial.dialedCampaigns();
    const placed: Placed[] = [];
    for (const campaign of campaigns) {
      const account = this.#accountFor(campaign);
      if (account) placed.push({ campaign, account });
      else await this.#tellNoAccount(campaign, NO_ACCOUNT);
    }
    const { groups: wanted, strange } = groupByAccount(
      placed,
      (authId) => this.#running.get(authId)?.account.tokens[0],
    );
    for (const campaign of strange) await this.#tellNoAccount(campaign, OTHER_TOKEN);
    for (const [authId, group] of wanted)
      for (const campaign of group.campaigns) this.#accountOf.set(keyOf(campaign), authId);
    for (const [authId, group] of wanted) (await this.#dialerOf(authId, group.account)).setCampaigns(group.campaigns);
    for (const [authId, one] of this.#running) if (!wanted.has(authId)) await this.#retire(authId, one);
  }

  /** One account may be known to several workspaces; its limits are one all the same. */
  async #dialerOf(authId: string, account: Account): Promise<AccountDialer> {
    const known = this.#running.get(authId);
    if (known && known.account.tokens[0] === account.tokens[0]) {
      known.account = account;
      return known.dialer;
    }
    if (known) await this.#end(known);
    const { providerOf, limitsOf, lease: leaseOf, ...parts } = this.#parts;
    const provider = providerOf(account, parts.effects);
    const lease = leaseOf(`dialer/${authId}`);
    const limits = () => limitsOf(this.#running.get(authId)?.account ?? account);
    const dialer = new AccountDialer({ ...parts, authId, provider, owner: lease, limits });
    this.#running.set(authId, { account, provider, lease, dialer });
    lease.start();
    dialer.start();
    return dialer;
  }

  /** Nothing is to be dialed there any more; what is under way is waited for. */
  async #retire(authId: string, one: Running): Promise<void> {
    one.dialer.setCampaigns([]);
    if (one.dialer.read().underWay > 0) return;
    this.#running.delete(authId);
    await this.#end(one);
  }

  async #end({ dialer, lease, provider }: Running): Promise<void> {
    await dialer.stop();
    await lease.stop();
    provider.close();
  }

  #accountFor({ workspace, account: id }: DialedCampaign): Account | undefined {
    const accounts = this.#parts.accountsOf(workspace).filter(canDial);
    return id === null ? accounts[0] : accounts.find((account) => account.id === id);
  }

  async #tellNoAccount(campaign: DialedCampaign, message: string): Promise<void> {
    const { store, effects, isUpkeep, tell } = this.#parts;
    const { now, clock } = instantOf(effects);
    const key = keyOf(campaign);
    const toldAt = this.#toldNoAccount.get(key) ?? Number.NEGATIVE_INFINITY;
    if (!isUpkeep() || clock - toldAt < NO_ACCOUNT_EVERY_MS) return;
    this.#toldNoAccount.set(key, clock);
    const declared = await store.declared(campaign.workspace, campaign.campaignId, now);
    const moment = saidNow(declared ?? { lastAt: null }, now);
    await tell(campaign, [holdOf({ code: 'no-account', message, until: null }, moment)]);
  }
}

function canDial({ authId, tokens }: Account): boolean {
  return authId !== '' && tokens.length > 0;
}

function keyOf({ workspace, campaignId }: CampaignRef): string {
  return `${workspace}\0${campaignId}`;
}
