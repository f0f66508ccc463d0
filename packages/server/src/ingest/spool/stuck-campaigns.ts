import type { Receipt } from '../receipt.ts';

/** How long a campaign that could not be written is left alone: twice as long each time. */
const FIRST_REST_MS = 250;
const LONGEST_REST_MS = 5_000;

/**
 * Campaigns that could not be written though the store answers: somebody holds their lock. Each try costs seconds, in
 * which nothing else of its batch is stored, so what belongs to them goes by way of the disk, and only the drain tries
 * them again.
 */
export class StuckCampaigns {
  readonly #now: () => number;
  /** When each may be tried again, milliseconds. */
  readonly #dueAt = new Map<string, { readonly at: number; readonly restMs: number }>();

  /** @param now a clock that only goes forward, milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  has(receipt: Receipt): boolean {
    return this.#dueAt.size > 0 && this.#dueAt.has(campaignOf(receipt));
  }

  /** Whether it is to be left alone now. */
  rests(receipt: Receipt): boolean {
    const due = this.#dueAt.size === 0 ? undefined : this.#dueAt.get(campaignOf(receipt));
    return due !== undefined && this.#now() < due.at;
  }

  /** @param receipt one of those of a campaign that were tried together */
  failed(receipt: Receipt): void {
    const campaign = campaignOf(receipt);
    const before = this.#dueAt.get(campaign)?.restMs ?? FIRST_REST_MS / 2;
    const restMs = Math.min(LONGEST_REST_MS, 2 * before);
    this.#dueAt.set(campaign, { at: this.#now() + restMs, restMs });
  }

  worked(receipts: readonly Receipt[]): void {
    if (this.#dueAt.size === 0) return;
    for (const receipt of receipts) this.#dueAt.delete(campaignOf(receipt));
  }
}

/** Names a campaign; callbacks that name none share one for each workspace. */
export function campaignOf(receipt: Receipt): string {
  const { workspace } = receipt;
  if (receipt.kind === 'delivery') return `${workspace}\0${receipt.campaignId}`;
  return `${workspace}\0${receipt.meaning.kind === 'call' ? (receipt.meaning.campaignId ?? '') : ''}`;
}
