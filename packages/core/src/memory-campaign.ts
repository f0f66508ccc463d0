import type { RecentCall, Report } from '@ringside/protocol';
import type { Call } from './call.ts';
import { spanOf } from './call.ts';
import { fact } from './campaign.ts';
import { type CampaignEvent, type EventKey, eventKey } from './campaign-events.ts';
import type { Contact } from './contact.ts';
import { attemptOf, contactOf } from './contact.ts';
import { callContribution, contactContribution } from './contribution.ts';
import type { Delivery } from './event.ts';
import { drive, fold } from './fold.ts';
import { placeIn } from './fold-events.ts';
import { placesOf } from './fold-scores.ts';
import {
  type CallRow,
  type CampaignState,
  type Changes,
  type Found,
  type FoundEvents,
  newCampaignState,
  type Wanted,
  withLastAt,
} from './fold-work.ts';
import { type ForecastResult, forecastResult } from './forecast/forecast.ts';
import { forecastInput } from './forecast/input.ts';
import { liveCall, sampleCall } from './forecast/sample.ts';
import { numberOf } from './identity.ts';
import { rulesOf, scored } from './lead-score.ts';
import { compare } from './register.ts';
import { type BaseRollup, type Removal, withBase } from './removal.ts';
import { byNewestEnd, recentCallOf, report } from './report.ts';
import { rescoreRows } from './rescore.ts';
import { addCounts, addRollup, emptyRollup, type Rollup, type RollupData, rollupToData } from './rollup.ts';
import { switchCounts } from './switches.ts';

/**
 * One campaign in maps: the smallest store there can be. It shows what a store owes the fold, and it is what a past
 * moment is replayed into.
 */
export class MemoryCampaign {
  state: CampaignState;
  readonly rollup: Rollup;
  readonly calls = new Map<string, CallRow>();
  readonly #aliases = new Map<string, string>();
  readonly #contacts = new Map<string, Contact>();
  readonly #numbers = new Map<string, readonly string[]>();
  readonly #events = new Map<EventKey, CampaignEvent>();
  /** Of the changes among them, in their order. */
  readonly #changes: EventKey[] = [];

  /** @param base what calls came to whose records were deleted */
  constructor(base: BaseRollup | null = null) {
    this.state = base ? withBase(newCampaignState, base) : newCampaignState;
    this.rollup = emptyRollup();
    if (base) addRollup(this.rollup, base.rollup);
  }

  apply(deliveries: readonly Delivery[]): Changes {
    const changes = this.#write(drive(fold(this.state, deliveries), this.read));
    this.state = changes.lastAtStale ? withLastAt(changes.state, this.#latestOfCalls()) : changes.state;
    if (changes.rescore) this.#rescore();
    return changes;
  }

  /** Takes calls out, and what follows from them. */
  remove(removal: Removal): void {
    for (const row of removal.removedCalls) this.calls.delete(row);
    for (const alias of removal.removedAliases) this.#aliases.delete(alias);
    for (const key of removal.removedContacts) this.#contacts.delete(key);
    for (const contact of removal.contacts) this.#contacts.set(contact.key, contact);
    for (const number of removal.removedNumbers) this.#numbers.delete(number);
    for (const [number, ids] of removal.numbers) this.#numbers.set(number, ids);
    addRollup(this.rollup, removal.delta);
  }

  /** Folds deliveries again that are stored already; what was known of the campaign stays. */
  refold(deliveries: readonly Delivery[], seqs: readonly number[]): void {
    this.#write(drive(fold(this.state, deliveries, seqs), this.read));
  }

  #write(changes: Changes): Changes {
    for (const row of changes.removedCalls) this.calls.delete(row);
    for (const row of changes.calls) this.calls.set(row.row, row);
    for (const [alias, row] of changes.aliases) this.#aliases.set(alias, row);
    for (const key of changes.removedContacts) this.#contacts.delete(key);
    for (const contact of changes.contacts) this.#contacts.set(contact.key, contact);
    for (const [number, ids] of changes.numbers) this.#numbers.set(number, ids);
    for (const event of changes.events) this.#addEvent(event);
    addRollup(this.rollup, changes.delta);
    return changes;
  }

  /** What was said of the campaign itself, oldest first. */
  events(): CampaignEvent[] {
    return [...this.#events].sort(([a], [b]) => compare(a, b)).map(([, event]) => event);
  }

  #addEvent(event: CampaignEvent): void {
    const key = eventKey(event);
    this.#events.set(key, event);
    if (event.type === 'change') this.#changes.splice(placeIn(this.#changes, key), 0, key);
  }

  /** Calls that ended, newest end first. */
  recentCalls(count: number): RecentCall[] {
    const country = fact(this.state.campaign, 'defaultCountry');
    return [...this.calls.values()]
      .map((row) => recentCallOf(row.call, country))
      .filter((call): call is RecentCall => call !== null)
      .sort(byNewestEnd)
      .slice(0, count);
  }

  /** The report without what may differ between histories that mean the same. */
  report(now: number): Omit<Report, 'version' | 'revision' | 'asOf'> {
    const recentCalls = this.recentCalls(Number.POSITIVE_INFINITY);
    const input = { campaignId: 'c', state: this.state, rollup: this.rollup, recentCalls, epoch: '', forecast: null };
    const { version: _v, revision: _r, asOf: _a, ...rest } = report(input, { at: now, revision: '' });
    return rest;
  }

  /** The rollup summed again from the records, for comparison with the one that was kept by difference. */
  recount(): RollupData {
    const rollup = emptyRollup();
    const attempts = new Map<string, ReturnType<typeof attemptOf>[]>();
    const country = fact(this.state.campaign, 'defaultCountry');
    for (const { row, contact, call } of this.calls.values()) {
      if (contact === null) continue;
      attempts.set(contact, [...(attempts.get(contact) ?? []), attemptOf(row, call, numberOf(call, country))]);
    }
    const contacts = [...attempts].map(([key, list]) => contactOf(key, list));
    const places = placesOf(contacts);
    for (const { row, call } of this.calls.values()) {
      const afresh = scored({ ...call, score: undefined }, rulesOf(this.state.campaign), places.get(row) ?? 1);
      addCounts(rollup, callContribution(afresh), 1);
    }
    for (const contact of contacts) addCounts(rollup, contactContribution(contact), 1);
    this.#changes.forEach((change, at) => {
      addCounts(rollup, switchCounts(this.#changes[at - 1] ?? null, change), 1);
    });
    return rollupToData(rollup);
  }

  contacts(): readonly Contact[] {
    return [...this.#contacts.values()];
  }

  /** Call records by their names, which do not depend on the order of arrival as row keys do. */
  records(): readonly Call[] {
    return [...this.calls.values()]
      .map((row) => row.call)
      .sort((a, b) => (JSON.stringify(a.aliases) < JSON.stringify(b.aliases) ? -1 : 1));
  }

  #rescore(): void {
    const { changed, delta } = rescoreRows([...this.calls.values()], rulesOf(this.state.campaign), [
      ...this.#contacts.values(),
    ]);
    for (const row of changed) this.calls.set(row.row, row);
    addRollup(this.rollup, delta);
  }

  /** The forecast that would have been shown. @param now epoch milliseconds */
  forecast(now: number): ForecastResult {
    const calls = [...this.calls.values()].map((row) => ({ row, contact: this.#contacts.get(row.contact ?? '') }));
    const sample = calls.map(sampleCall).filter((call) => call !== null);
    const live = calls.map(liveCall).filter((call) => call !== null);
    return forecastResult(forecastInput(this.state, this.rollup, { sample, live }, now));
  }

  #entryOf(number: string): [string, readonly string[]][] {
    const ids = this.#numbers.get(number);
    return ids ? [[number, ids]] : [];
  }

  #latestOfCalls(): number {
    let latest = 0;
    for (const { call } of this.calls.values()) latest = Math.max(latest, spanOf(call).last);
    return latest;
  }

  /** What the fold asks for. */
  readonly read = (wanted: Wanted): Found => {
    const rows = [...wanted.aliases.map((alias) => this.#aliases.get(alias) ?? alias), ...wanted.rows];
    const found = new Set(rows.map((row) => this.calls.get(row)).filter((row) => row !== undefined));
    return {
      calls: [...found],
      numbers: new Map(wanted.numbers.flatMap((number) => this.#entryOf(number))),
      contacts: wanted.contacts.map((key) => this.#contacts.get(key)).filter((contact) => contact !== undefined),
      ...(wanted.events && { events: this.#around(wanted.events) }),
    };
  };

  #around(keys: readonly EventKey[]): FoundEvents {
    const changes = keys.flatMap((key) => {
      const place = placeIn(this.#changes, key);
      return this.#changes.slice(Math.max(0, place - 1), place + 2).filter((change) => change !== key);
    });
    return { known: keys.filter((key) => this.#events.has(key)), changes };
  }
}
