import type { Findings } from './findings.ts';
import type { CampaignRef } from './snapshot.ts';

/** What the whole store came to. */
export interface StoreFindings {
  readonly campaigns: number;
  readonly calls: number;
  readonly deliveries: number;
  /** Campaigns whose calls are just being scored again or rewritten without a number: their rows are of two kinds. */
  readonly busy: readonly string[];
  /** Campaigns in which something differs. */
  readonly different: readonly Findings[];
}

/** Adds up what the campaigns of a store came to. */
export class FindingsSum {
  readonly #busy: string[] = [];
  readonly #different: Findings[] = [];
  readonly #sum = { campaigns: 0, calls: 0, deliveries: 0 };

  /** @param findings `null` for a campaign that is busy */
  add({ campaignId }: CampaignRef, findings: Findings | null): void {
    if (findings === null) {
      this.#busy.push(campaignId);
      return;
    }
    if (findings.count > 0) this.#different.push(findings);
    this.#sum.campaigns += 1;
    this.#sum.calls += findings.calls;
    this.#sum.deliveries += findings.deliveries;
  }

  get whole(): StoreFindings {
    return { ...this.#sum, busy: this.#busy, different: this.#different };
  }
}
