import type { FastifyBaseLogger } from 'fastify';
import { type Store, StoreFault } from '../../store/store.ts';
import type { Applied, Receipt } from '../receipt.ts';
import type { SpoolEntry, Unverified } from './entry.ts';
import type { Spool } from './spool.ts';
import { campaignOf, type StuckCampaigns } from './stuck-campaigns.ts';

/** Whether a callback is what it claims, as for one that comes in now. @returns its receipt, or why not */
export type Verify = (entry: Unverified) => Receipt | { readonly refused: string };

export interface DrainParts {
  readonly store: Pick<Store, 'apply'>;
  /** Whether the store answers now: then a fault concerns some campaign, and the others need not wait for it. */
  readonly isStoreThere: () => boolean;
  readonly spool: Spool;
  readonly stuck: StuckCampaigns;
  readonly verify: Verify;
  readonly now: () => number;
  readonly log: Pick<FastifyBaseLogger, 'error'>;
  readonly onApplied: (applied: Applied) => void;
}

/** Many at once cost the store less each; but a live callback of the same campaign waits until they are through. */
const BATCH_MS = 400;
const FIRST_BATCH = 250;
const LEAST = 50;
const MOST = 2_000;

/** Hands over to the store what waits in the spool. What can never be applied becomes a dead letter. */
export class Drain {
  readonly #parts: DrainParts;
  #isFileFull = false;
  #batch = FIRST_BATCH;

  constructor(parts: DrainParts) {
    this.#parts = parts;
  }

  /**
   * One batch.
   * @returns false when nothing waits that can be stored now
   * @throws StoreFault when the store takes nothing; then nothing of the batch is forgotten
   */
  async step(): Promise<boolean> {
    const { spool } = this.#parts;
    const began = performance.now();
    const batch = await spool.next(this.#batch);
    if (!batch) return false;
    const { entries } = batch;
    const { stuck } = this.#parts;
    const isAll = spool.records <= entries.length;
    // Nothing else waits, so nothing is gained by setting it back.
    if (isAll && entries.every((entry) => entry.kind !== 'unverified' && stuck.rests(entry))) return false;
    const receipts = await this.#verified(entries);
    const due = receipts.filter((receipt) => !stuck.rests(receipt));
    const left = [...receipts.filter((receipt) => stuck.rests(receipt)), ...(await this.#apply(due))];
    // What could not be applied for now waits behind all the others. It is in a full spool already, so it has its room.
    if (left.length > 0) await spool.append(left, Number.POSITIVE_INFINITY);
    await batch.done();
    if (entries.length === this.#batch) this.#adjust(performance.now() - began);
    return left.length < entries.length;
  }

  /** The next batch is as large as this one should have been, changing by no more than a factor of two. */
  #adjust(tookMs: number): void {
    const wanted = this.#batch * (BATCH_MS / Math.max(1, tookMs));
    const near = Math.min(this.#batch * 2, Math.max(this.#batch / 2, wanted));
    this.#batch = Math.round(Math.min(MOST, Math.max(LEAST, near)));
  }

  async #verified(entries: readonly SpoolEntry[]): Promise<Receipt[]> {
    const receipts: Receipt[] = [];
    for (const entry of entries) {
      const receipt = entry.kind === 'unverified' ? this.#parts.verify(entry) : entry;
      if ('refused' in receipt) await this.#bury(entry, receipt.refused);
      // Whoever sent it was told that it is taken: no limit holds for it any more.
      else receipts.push(receipt.kind === 'delivery' && receipt.isLimited ? { ...receipt, isLimited: false } : receipt);
    }
    return receipts;
  }

  /** @returns receipts to be tried again later */
  async #apply(receipts: readonly Receipt[]): Promise<Receipt[]> {
    if (receipts.length === 0) return [];
    try {
      await this.#settle(receipts, await this.#parts.store.apply(receipts));
      return [];
    } catch (error) {
      const isFault = error instanceof StoreFault;
      if (isFault && !this.#parts.isStoreThere()) throw error;
      const parts = isFault ? byCampaign(receipts) : halves(receipts);
      if (parts.length > 1) return this.#applyParts(parts);
      if (isFault) {
        const [one] = receipts;
        if (one) this.#parts.stuck.failed(one);
        return [...receipts];
      }
      for (const receipt of receipts) await this.#bury(receipt, `cannot be applied: ${(error as Error).message}`);
      return [];
    }
  }

  async #applyParts(parts: readonly (readonly Receipt[])[]): Promise<Receipt[]> {
    const left: Receipt[] = [];
    for (const part of parts) left.push(...(await this.#apply(part)));
    return left;
  }

  async #settle(receipts: readonly Receipt[], applied: Applied): Promise<void> {
    for (const [place, result] of applied.results.entries()) {
      const receipt = receipts[place];
      if (receipt && result.result === 'rejected') await this.#bury(receipt, result.code);
    }
    this.#parts.stuck.worked(receipts);
    this.#parts.onApplied(applied);
  }

  async #bury(entry: SpoolEntry, why: string): Promise<void> {
    const { spool, now, log } = this.#parts;
    const isKept = await spool.deadLetters.bury(entry, why, now());
    if (!isKept && !this.#isFileFull)
      log.error({ why }, 'the file of dead letters is full: more are dropped; see ringside spool');
    this.#isFileFull = !isKept;
  }
}

function byCampaign(receipts: readonly Receipt[]): Receipt[][] {
  const groups = new Map<string, Receipt[]>();
  for (const receipt of receipts) {
    const group = campaignOf(receipt);
    groups.set(group, [...(groups.get(group) ?? []), receipt]);
  }
  return [...groups.values()];
}

function halves(receipts: readonly Receipt[]): (readonly Receipt[])[] {
  const middle = Math.ceil(receipts.length / 2);
  return receipts.length < 2 ? [receipts] : [receipts.slice(0, middle), receipts.slice(middle)];
}
