import type { CallDelivery, CallEvent, Delivery } from '@ringside/core';
import { deliveries, traps } from '@ringside/core/testing';
import fc from 'fast-check';
import type { Receipt } from '../ingest/receipt.ts';
import { WORKSPACE } from './engine.ts';

export interface StormOptions {
  /** At least so many events are made. */
  readonly events: number;
  readonly campaigns: number;
  readonly seed: number;
}

type DeliveryReceipt = Extract<Receipt, { kind: 'delivery' }>;

/** How often each difficulty came up, so that a storm that lost one is seen. */
export type StormTraps = Map<string, number>;

const LISTS_PER_ROUND = 200;
/** Lists of a campaign that are about the same people. */
const LISTS_PER_CROWD = 3;
const MINUTE_MS = 60_000;
const HOURS = 12;
const LONGEST_BATCH = 400;

/** Id of the n-th campaign of a storm. */
export const stormCampaign = (n: number): string => `storm-${n}`;

/**
 * Batches for the store that hold a few large campaigns, put together from the small generated ones whose calls, people
 * and hours are moved apart. Each round is shuffled as a whole, and part of what came before comes again.
 */
export function* eventStorm(
  { events, campaigns, seed }: StormOptions,
  trapped: StormTraps,
): Generator<DeliveryReceipt[]> {
  let made = 0;
  let again: DeliveryReceipt[] = [];
  for (let round = 0; made < events; round += 1) {
    const lists = fc.sample(deliveries, { numRuns: LISTS_PER_ROUND, seed: seed + round });
    const receipts = lists.flatMap((list, i) => {
      const n = round * LISTS_PER_ROUND + i;
      for (const trap of [...traps(list), ...furtherTraps(list)]) trapped.set(trap, (trapped.get(trap) ?? 0) + 1);
      return list.map((delivery) =>
        receiptOf(stormCampaign(n % campaigns), moved(delivery, Math.floor(n / campaigns))),
      );
    });
    made += receipts.reduce((sum, { delivery }) => sum + eventsOf(delivery), 0);
    yield* batches(shuffled([...again, ...receipts], seed + round), seed + round);
    again = receipts.filter((_, i) => i % 20 === round % 20);
  }
}

/** A country that is declared after the calls, so that every number of the campaign is read anew. */
export function lateCountry(campaignId: string, at: number): Receipt {
  const about = { about: 'campaign', type: 'facts', source: 'api', registers: true } as const;
  return receiptOf(campaignId, { ...about, hash: 'country', receivedAt: at, at, facts: { defaultCountry: 'IN' } });
}

function receiptOf(campaignId: string, delivery: Delivery): DeliveryReceipt {
  return { kind: 'delivery', workspace: WORKSPACE, receivedAt: delivery.receivedAt, campaignId, delivery };
}

/** Events that a delivery tells. */
export function eventsOf(delivery: Delivery): number {
  return delivery.about === 'call' ? delivery.events.length : 1;
}

/** Gives a delivery the calls, people and time of the n-th list of its campaign. */
function moved(delivery: Delivery, n: number): Delivery {
  if (delivery.about === 'campaign') return delivery;
  const crowd = Math.floor(n / LISTS_PER_CROWD);
  const later = ((n * 7) % (HOURS * 60)) * MINUTE_MS;
  return {
    ...delivery,
    hash: `${delivery.hash}.${n}`,
    receivedAt: delivery.receivedAt + later,
    aliases: delivery.aliases.map(({ kind, id }) => ({ kind, id: `${id}.${n}` })),
    to: delivery.to && movedNumber(delivery.to, crowd),
    contactId: delivery.contactId && `${delivery.contactId}.${crowd}`,
    events: delivery.events.map((event) => movedEvent(event, later)),
  };
}

function movedEvent(event: CallEvent, later: number): CallEvent {
  const at = event.at + later;
  if (event.type === 'retry') return { ...event, at, dueAt: event.dueAt + later };
  if (event.type !== 'ended' || event.retryDueAt === null) return { ...event, at };
  return { ...event, at, retryDueAt: event.retryDueAt + later };
}

/** Numbers of one crowd stay apart from those of another, and spellings of one number stay spellings of one. */
function movedNumber(number: string, crowd: number): string {
  const digits = String(crowd).padStart(6, '0');
  const [, plus, head] = /^(\+?)(91987|1415)/.exec(number) ?? [];
  if (head === undefined) return `sip:a${crowd}@b`;
  if (head === '1415') return `${plus}${head}5${digits}`;
  return `${plus}91${number.endsWith('3210') ? '98' : '97'}76${digits}`;
}

function shuffled<T>(list: T[], seed: number): T[] {
  const { length } = list;
  const [result = []] = fc.sample(fc.shuffledSubarray(list, { minLength: length, maxLength: length }), {
    numRuns: 1,
    seed,
  });
  return result;
}

function* batches(receipts: DeliveryReceipt[], seed: number): Generator<DeliveryReceipt[]> {
  const sizes = fc.sample(fc.integer({ min: 1, max: LONGEST_BATCH }), { numRuns: 64, seed });
  for (let at = 0, i = 0; at < receipts.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1;
    yield receipts.slice(at, at + size);
    at += size;
  }
}

/** Difficulties that small campaigns need not have, and large ones must. */
function furtherTraps(list: readonly Delivery[]): string[] {
  const calls = list.filter((delivery) => delivery.about === 'call');
  const pairs = calls.flatMap((a, i) => calls.slice(i + 1).map((b) => [a, b] as const));
  const isShared = (a: CallDelivery, b: CallDelivery) =>
    a.aliases.some(({ id }) => b.aliases.some((alias) => alias.id === id));
  const judges = (delivery: CallDelivery) =>
    delivery.events.flatMap((event) => (event.type === 'lead' ? [event.lead.by] : []));
  const found = {
    disorder: pairs.some(([a, b]) => isShared(a, b) && timeOf(a) > timeOf(b)),
    retry: pairs.some(([a, b]) => a.to !== null && a.to === b.to && !isShared(a, b)),
    'lead override': pairs.some(([a, b]) => isShared(a, b) && new Set([...judges(a), ...judges(b)]).size === 2),
  };
  return Object.entries(found).flatMap(([trap, is]) => (is ? [trap] : []));
}

function timeOf({ events }: CallDelivery): number {
  return Math.min(...events.map(({ at }) => at));
}
