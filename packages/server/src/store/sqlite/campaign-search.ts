import type { Tables } from './apply.ts';
import type { LiveCampaign } from './campaigns.ts';
import type { Group } from './group-receipts.ts';

/** Campaigns that are asked for one callback, those that were heard of last. */
const MOST_ASKED = 256;
/** Look-ups of a workspace: about a tenth of what the thread can do, for it works for all workspaces. */
const PER_SECOND = 100_000;

interface Budget {
  left: number;
  filledAt: number;
}

/**
 * Finds the campaign of callbacks that name none: the one that knows their call. Ids of calls are indexed for each
 * campaign, so each is asked. Who has many campaigns and many such callbacks would hold up everybody; beyond their share
 * they are told that there is none, and the callback waits where all others wait that belong to no campaign.
 */
export class CampaignSearch {
  readonly #tables: Tables;
  readonly #budgets = new Map<string, Budget>();
  #inUse = new Map<string, readonly LiveCampaign[]>();

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  /** Another batch begins: others are in use now. */
  begin(): void {
    if (this.#inUse.size > 0) this.#inUse = new Map();
  }

  /** @param groups what the batch has brought so far @param at epoch milliseconds */
  find(
    groups: ReadonlyMap<string, Group>,
    { workspace, receivedAt: at }: { readonly workspace: string; readonly receivedAt: number },
    aliases: readonly string[],
  ): string | null {
    const budget = this.#budgetOf(workspace, at);
    for (const { live, items } of groups.values()) {
      if (live.workspace !== workspace) continue;
      if (budget.left <= 0) return null;
      budget.left -= items.length;
      const named = items.some(
        ({ delivery }) => delivery.about === 'call' && delivery.aliases.some((alias) => aliases.includes(alias.id)),
      );
      if (named) return live.campaignId;
    }
    for (const live of this.#inUseOf(workspace)) {
      if (budget.left <= 0) return null;
      budget.left -= aliases.length;
      if (aliases.some((alias) => this.#tables.rows.byAlias(live.key, alias) !== null)) return live.campaignId;
    }
    return null;
  }

  #inUseOf(workspace: string): readonly LiveCampaign[] {
    const known = this.#inUse.get(workspace);
    if (known) return known;
    const all = this.#tables.campaigns.ofWorkspace(workspace);
    const newest = all.sort((a, b) => (b.state.lastAt ?? 0) - (a.state.lastAt ?? 0)).slice(0, MOST_ASKED);
    this.#inUse.set(workspace, newest);
    return newest;
  }

  #budgetOf(workspace: string, at: number): Budget {
    const budget = this.#budgets.get(workspace) ?? { left: PER_SECOND, filledAt: at };
    this.#budgets.set(workspace, budget);
    budget.left = Math.min(PER_SECOND, budget.left + (Math.max(0, at - budget.filledAt) / 1000) * PER_SECOND);
    budget.filledAt = Math.max(at, budget.filledAt);
    return budget;
  }
}
