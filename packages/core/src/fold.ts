import { type Call, callOf, contains, joinCalls, spanOf } from './call.ts';
import { fact, mergeCampaign } from './campaign.ts';
import { isCampaignEvent } from './campaign-events.ts';
import type { Alias, CallDelivery, Delivery } from './event.ts';
import { settleContacts } from './fold-contacts.ts';
import { type EventLimit, type EventWork, loadEvents } from './fold-events.ts';
import {
  adopt,
  type CallRow,
  type CampaignState,
  type Changes,
  type FoldResult,
  type Found,
  put,
  type Wanted,
  type Work,
} from './fold-work.ts';
import { rulesOf } from './lead-score.ts';
import { must } from './must.ts';
import { addRollup } from './rollup.ts';

/**
 * Folds a batch of deliveries into one campaign. Pure: it yields what it must read and returns what must be written,
 * so that a store may read synchronously (SQLite) or not (PostgreSQL), and the fold is the same text for both.
 * @param seqs the sequence numbers under which the deliveries are stored already; left out for new ones
 * @param limit left out: everything is taken
 */
export function* fold(
  before: CampaignState,
  deliveries: readonly Delivery[],
  seqs?: readonly number[],
  limit?: EventLimit,
): Generator<Wanted, Changes, Found> {
  const work = yield* loadCalls(deliveries);
  const events = yield* loadEvents(deliveries, limit);
  const results: FoldResult[] = [];
  const stored: { index: number; seq: number; row: string | null }[] = [];
  let state = before;
  let lastAtStale = false;
  deliveries.forEach((delivery, index) => {
    const seq = seqs?.[index] ?? state.version + 1;
    const refusal =
      delivery.about === 'campaign'
        ? events.refusalOf(state.campaign, delivery, index)
        : limit?.holds(index) && isFull(work, delivery, limit.perCall)
          ? 'call-full'
          : null;
    const next = refusal ? null : foldOne(state, { work, events }, delivery, seq);
    results.push(refusal ?? (next ? 'accepted' : 'unchanged'));
    if (!next) return;
    lastAtStale ||= next.replacedLastAt === state.lastAt;
    state = next.state;
    stored.push({ index, seq, row: next.row });
  });
  const settled = yield* settleContacts(state.campaign, work);
  const rescore = before.version > 0 && rulesOf(before.campaign) !== rulesOf(state.campaign);
  const rereadNumbers =
    before.version > 0 && fact(before.campaign, 'defaultCountry') !== fact(state.campaign, 'defaultCountry');
  addRollup(settled.delta, events.delta);
  const calls = callChanges(work);
  return { state, ...settled, ...calls, events: events.added, stored, results, lastAtStale, rereadNumbers, rescore };
}

function* loadCalls(deliveries: readonly Delivery[]): Generator<Wanted, Work, Found> {
  const aliases = new Set<string>();
  for (const delivery of deliveries) {
    if (delivery.about === 'call') for (const alias of delivery.aliases) aliases.add(alias.id);
  }
  const work: Work = { before: new Map(), rows: new Map(), rowOfAlias: new Map(), removed: new Set() };
  if (aliases.size > 0) {
    const found = yield { aliases: [...aliases], rows: [], numbers: [], contacts: [] };
    for (const row of found.calls) adopt(work, row);
  }
  return work;
}

/** What one accepted delivery does. */
interface Folded {
  readonly state: CampaignState;
  readonly row: string | null;
  /** Latest `at` of an earlier-stored copy of the same delivery that this copy replaces, else 0. */
  readonly replacedLastAt: number;
}

function foldOne(
  state: CampaignState,
  { work, events }: { readonly work: Work; readonly events: EventWork },
  delivery: Delivery,
  seq: number,
): Folded | null {
  return delivery.about === 'campaign' ? foldCampaign(state, events, delivery) : foldCall(state, work, delivery, seq);
}

function foldCampaign(
  state: CampaignState,
  events: EventWork,
  delivery: Delivery & { about: 'campaign' },
): Folded | null {
  const isEvent = isCampaignEvent(delivery);
  if (isEvent && !events.add(delivery)) return null;
  const campaign = mergeCampaign(state.campaign, delivery);
  if (campaign === state.campaign) return null;
  const next = advance({ ...state, campaign }, delivery.at, delivery.at);
  // What no row keeps, such as a hold, leaves no first time: it could not be found again.
  return { state: isEvent ? next : { ...next, firstAt: state.firstAt }, row: null, replacedLastAt: 0 };
}

function foldCall(state: CampaignState, work: Work, delivery: CallDelivery, seq: number): Folded | null {
  const known = rowsOf(work, delivery.aliases);
  const [only] = known;
  if (known.length === 1 && only && contains(only.call, delivery)) return null;
  const said = callOf(delivery);
  const call = known.reduce<Call>((joined, row) => joinCalls(joined, row.call), said);
  const row = known.map((k) => k.row).sort()[0] ?? must(call.aliases[0], 'a delivery names its call').id;
  const seqs = [...known.flatMap((k) => k.seqs), seq].sort((a, b) => a - b);
  for (const other of known) {
    if (other.row === row) continue;
    work.rows.delete(other.row);
    work.removed.add(other.row);
  }
  if (!work.before.has(row)) work.before.set(row, null);
  put(work, { row, contact: only?.contact ?? null, seqs, call });
  for (const other of known) work.rowOfAlias.set(other.row, row);
  const { first, last } = spanOf(said);
  const firstCallAt = Math.min(state.firstCallAt ?? first, first);
  const replaced = known.map((k) => k.call.seen[delivery.hash]?.last ?? 0);
  return { state: { ...advance(state, first, last), firstCallAt }, row, replacedLastAt: Math.max(0, ...replaced) };
}

/** True for a delivery beyond what a call may have. Its first end is taken always, else it would seem to go on. */
function isFull(work: Work, delivery: CallDelivery, most: number): boolean {
  const known = rowsOf(work, delivery.aliases);
  if (known.reduce((sum, { seqs }) => sum + seqs.length, 0) < most) return false;
  const isEnd = delivery.events.some(({ type }) => type === 'ended');
  if (isEnd && known.every(({ call }) => call.ended === undefined)) return false;
  return !known.some(({ call }) => contains(call, delivery));
}

function rowsOf(work: Work, aliases: readonly Alias[]): CallRow[] {
  const rows = new Map<string, CallRow>();
  for (const { id } of aliases) {
    const key = work.rowOfAlias.get(id);
    const row = key === undefined ? undefined : work.rows.get(key);
    if (row) rows.set(row.row, row);
  }
  return [...rows.values()];
}

function advance(state: CampaignState, first: number, last: number): CampaignState {
  return {
    ...state,
    firstAt: Math.min(state.firstAt ?? first, first),
    lastAt: Math.max(state.lastAt ?? last, last),
    version: state.version + 1,
  };
}

type CallChanges = Pick<Changes, 'calls' | 'removedCalls' | 'aliases'>;

function callChanges(work: Work): CallChanges {
  const calls = [...work.rows.values()].filter((row) => work.before.get(row.row) !== row);
  const removedCalls = [...work.removed].filter((row) => work.before.get(row) != null);
  const aliases = calls.flatMap((row) => {
    const known = new Set(work.before.get(row.row)?.call.aliases.map((alias) => alias.id));
    const ids = [...row.call.aliases.map((alias) => alias.id), ...removedInto(work, row.row)];
    return [...new Set(ids)].filter((id) => id !== row.row && !known.has(id)).map((id) => [id, row.row] as const);
  });
  return { calls, removedCalls, aliases };
}

function removedInto(work: Work, row: string): string[] {
  return [...work.removed].filter((removed) => work.rowOfAlias.get(removed) === row);
}

/** Runs a fold, or other work that reads as one does, whose reads are answered at once. */
export function drive<T>(work: Generator<Wanted, T, Found>, read: (wanted: Wanted) => Found): T {
  let step = work.next();
  while (!step.done) step = work.next(read(step.value));
  return step.value;
}
