import type { Campaign } from './campaign.ts';
import { type CampaignEvent, dayOf, type EventKey, eventKey, isCampaignEvent } from './campaign-events.ts';
import type { CampaignDelivery, Delivery } from './event.ts';
import { type Found, nothingWanted, type Wanted } from './fold-work.ts';
import { addCounts, emptyRollup, type Rollup } from './rollup.ts';
import { switchCounts } from './switches.ts';

/** How much is taken from a dialer. What a person or the provider says is taken beyond it, but counts too. */
export interface EventLimit {
  /** Changes of a campaign, in a day. */
  readonly changesPerDay: number;
  /** Events of one call: its record is one row, which is written anew with each. */
  readonly perCall: number;
  /** Whether the limit holds for a delivery of the batch, by its place. */
  readonly holds: (index: number) => boolean;
}

/** Finds which events of a batch are stored, and the changes between which its changes lie. */
export function* loadEvents(deliveries: readonly Delivery[], limit?: EventLimit): Generator<Wanted, EventWork, Found> {
  const keys = deliveries.flatMap((delivery) =>
    delivery.about === 'campaign' && isCampaignEvent(delivery) ? [eventKey(delivery)] : [],
  );
  if (keys.length === 0) return new EventWork({ known: [], changes: [] }, limit);
  const { events } = yield { ...nothingWanted, events: [...new Set(keys)] };
  return new EventWork(events ?? { known: [], changes: [] }, limit);
}

/** The events of a campaign that a batch works on. */
export class EventWork {
  /** Events that were not stored, in the order in which they were added. */
  readonly added: CampaignEvent[] = [];
  /** What they change of the counts. */
  readonly delta: Rollup = emptyRollup();
  readonly #known: Set<EventKey>;
  /** In their order: those stored around the changes of the batch, and those that were added. */
  readonly #changes: EventKey[];
  readonly #limit: EventLimit | undefined;

  constructor(
    found: { readonly known: readonly EventKey[]; readonly changes: readonly EventKey[] },
    limit?: EventLimit,
  ) {
    this.#known = new Set(found.known);
    this.#changes = [...new Set(found.changes)].sort();
    this.#limit = limit;
  }

  /** Why a delivery is not taken, `null` where it is, or is stored already. */
  refusalOf(campaign: Campaign, delivery: CampaignDelivery, index: number): 'too-many-events' | null {
    if (delivery.type !== 'change' || !this.#limit?.holds(index) || this.#known.has(eventKey(delivery))) return null;
    const { newestDay } = campaign;
    const isOver = newestDay?.day === dayOf(delivery.receivedAt) && newestDay.changes >= this.#limit.changesPerDay;
    return isOver ? 'too-many-events' : null;
  }

  /** Adds an event. @returns false for one that is known */
  add(event: CampaignEvent): boolean {
    const key = eventKey(event);
    if (this.#known.has(key)) return false;
    this.#known.add(key);
    this.added.push(event);
    if (event.type === 'change') this.#insert(key);
    return true;
  }

  /** A change lies between two others: what the one after it adds may be another now. */
  #insert(key: EventKey): void {
    const place = placeIn(this.#changes, key);
    const before = this.#changes[place - 1] ?? null;
    const after = this.#changes[place];
    addCounts(this.delta, switchCounts(before, key), 1);
    if (after !== undefined) {
      addCounts(this.delta, switchCounts(before, after), -1);
      addCounts(this.delta, switchCounts(key, after), 1);
    }
    this.#changes.splice(place, 0, key);
  }
}

/** Where a key belongs among sorted ones. */
export function placeIn(sorted: readonly EventKey[], key: EventKey): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
