import type { BaseRollup, CallDelivery, CampaignState, Found, Removal, Wanted } from '@ringside/core';
import type { RowChanges } from '../call-columns.ts';
import type { Awaitable } from '../read-source.ts';

/** A delivery about a call as it is stored. */
export interface NumberedDelivery {
  readonly seq: number;
  readonly delivery: CallDelivery;
}

/** What of a base is asked with every batch. */
export type BaseHeader = Omit<BaseRollup, 'rollup'>;

/** A base as one chunk of deleting leaves it: the rollup has all totals, and those minutes that were added to. */
export interface BaseChange extends BaseRollup {
  /** Calls and contacts that were added. */
  readonly calls: number;
  readonly contacts: number;
}

/** The rows of one campaign, inside a transaction between whose steps nobody else writes to the campaign. */
export interface CampaignRows {
  read(wanted: Wanted): Awaitable<Found>;
  /** Rows of calls that were never placed but name one of these numbers. */
  unplacedOf(numbers: readonly string[]): Awaitable<readonly string[]>;
  write(changes: RowChanges): Awaitable<void>;
  /** Takes calls out, with what follows from them. */
  remove(removal: Removal, state: CampaignState): Awaitable<void>;
  /** Deliveries by their numbers, oldest first. */
  deliveries(seqs: readonly number[]): Awaitable<readonly NumberedDelivery[]>;
  /** Puts deliveries in the place of others; what came in raw goes. */
  rewriteDeliveries(deliveries: readonly NumberedDelivery[]): Awaitable<void>;
  removeDeliveries(seqs: readonly number[]): Awaitable<void>;
  /** The base with these minutes alone, `null` when there is none. */
  base(minutes: readonly number[]): Awaitable<BaseRollup | null>;
  putBase(change: BaseChange): Awaitable<void>;
}

type Step = (rows: CampaignRows) => unknown;

/**
 * Work on the rows of a campaign: it yields one step after the other and is given what comes of it. One text so serves
 * a store that answers at once and one that answers later.
 */
export type CampaignWork<T> = Generator<Step, T, unknown>;

export function* ask<T>(step: (rows: CampaignRows) => Awaitable<T>): CampaignWork<T> {
  return (yield step) as T;
}

/** What is stored of some calls, numbers and contacts. */
export function find(wanted: Partial<Wanted>): CampaignWork<Found> {
  return ask((rows) => rows.read({ aliases: [], rows: [], numbers: [], contacts: [], ...wanted }));
}

/** Work of core that only reads, such as a fold. */
export function* reading<T>(work: Generator<Wanted, T, Found>): CampaignWork<T> {
  let step = work.next();
  while (!step.done) step = work.next(yield* find(step.value));
  return step.value;
}

/** Runs work against rows that answer at once. */
export function driveWork<T>(work: CampaignWork<T>, rows: CampaignRows): T {
  let step = work.next();
  while (!step.done) step = work.next(step.value(rows));
  return step.value;
}

/** Runs work against rows that answer later. */
export async function driveWorkLater<T>(work: CampaignWork<T>, rows: CampaignRows): Promise<T> {
  let step = work.next();
  while (!step.done) step = work.next(await step.value(rows));
  return step.value;
}
