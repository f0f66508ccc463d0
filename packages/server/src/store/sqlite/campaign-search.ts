import type { Tables } from './apply.ts';
import type { Group } from './group-receipts.ts';

/** Campaigns that are asked for one callback, those that were heard of last. */
const MOST_ASKED = 256;
/** Look-ups of a workspace: about a tenth of what the thread can do, for it works for all workspaces. */
const PER_SECOND = 100_000;

interface Named {
  readonly key: string;
  readonly campaignId: string;
}

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
  #inUse = new Map<string, readonly Named[]>();
  #others = new Map<string, readonly Named[]>();

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  /** Another batch begins: others are in use now. */
  begin(): void {
    if (this.#inUse.size > 0) this.#inUse = new Map();
    if (this.#others.size > 0) this.#others = new Map();
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
    return (
      this.#findAmong(this.#inUseOf(workspace), aliases, budget) ??
      this.#findAmong(this.#othersOf(workspace), aliases, budget)
    );
  }

  #findAmong(campaigns: readonly Named[], aliases: readonly string[], budget: Budget): string | null {
    for (const { key, campaignId } of campaigns) {
      if (budget.left <= 0) return null;
      budget.left -= aliases.length;
      if (aliases.some((alias) => this.#tables.rows.byAlias(key, alias) !== null)) return campaignId;
    }
    return null;
  }

  /** Campaigns of which nothing was heard for a while, newest first: one may wait for the end of a long call. */
  #othersOf(workspace: string): readonly Named[] {
    const known = this.#others.get(workspace);
    if (known) return known;
    const inUse = new Set(this.#inUseOf(workspace).map(({ key }) => key));
    const stored = this.#tables.campaigns.newestOf(workspace, MOST_ASKED).filter(({ key }) => !inUse.has(key));
    const others = stored.slice(0, MOST_ASKED - inUse.size);
    this.#others.set(workspace, others);
    return others;
  }

  #inUseOf(workspace: string): readonly Named[] {
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
