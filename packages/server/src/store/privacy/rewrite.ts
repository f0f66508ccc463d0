import {
  addRollup,
  type CallRow,
  type CampaignState,
  type Eraser,
  emptyRollup,
  eraseNumber,
  fact,
  fold,
  isErased,
  isErasedPair,
  isToErase,
  type Rollup,
  withCompanions,
  withoutCalls,
} from '@ringside/core';
import { ask, type CampaignWork, find, reading } from './campaign-work.ts';

/** What one campaign's rewriting came to. */
export interface Rewritten {
  readonly calls: number;
  readonly events: number;
  /** Keys of their contacts, as they are now. */
  readonly contacts: readonly string[];
  readonly state: CampaignState;
  readonly delta: Rollup;
}

/** Those of some calls that name an erased number. */
export function toErase(calls: readonly CallRow[], eraser: Eraser, { campaign }: CampaignState): readonly CallRow[] {
  const country = fact(campaign, 'defaultCountry');
  return calls.filter(({ call }) => isToErase(call, eraser, country));
}

/**
 * Rewrites those of the named calls that name an erased number: their deliveries, and by folding these again
 * everything that follows from them. So it is the same as if the number had never been told.
 * @returns `null` when none does
 */
export function* rewrite(
  names: readonly string[],
  state: CampaignState,
  eraser: Eraser,
): CampaignWork<Rewritten | null> {
  const country = fact(state.campaign, 'defaultCountry');
  const concerned = toErase((yield* find({ rows: names })).calls, eraser, state);
  if (concerned.length === 0) return null;
  const all = yield* reading(withCompanions(concerned, eraser));
  const removal = yield* reading(withoutCalls(all, country, (number, id) => isErasedPair(number, id, eraser)));
  yield* ask((rows) => rows.remove(removal, state));
  const ofErased = new Set(concerned.flatMap(({ seqs }) => seqs));
  const stored = yield* ask((rows) => rows.deliveries(all.flatMap(({ seqs }) => seqs)));
  const deliveries = stored.map((one) =>
    ofErased.has(one.seq) ? { ...one, delivery: eraseNumber(one.delivery, eraser, { country, ofErased: true }) } : one,
  );
  yield* ask((rows) => rows.rewriteDeliveries(deliveries.filter(({ seq }) => ofErased.has(seq))));
  const told = deliveries.map(({ delivery }) => delivery);
  const seqs = deliveries.map(({ seq }) => seq);
  const changes = yield* reading(fold(state, told, seqs));
  yield* ask((rows) => rows.write({ ...changes, state }));
  const delta = emptyRollup();
  addRollup(delta, removal.delta);
  addRollup(delta, changes.delta);
  return {
    calls: concerned.length,
    events: concerned.reduce((sum, { seqs: ofCall }) => sum + ofCall.length, 0),
    contacts: changes.calls.filter(({ call }) => isErased(call)).flatMap(({ contact }) => contact ?? []),
    state: { ...state, version: state.version + 1 },
    delta,
  };
}

/** Names of the calls that the tables find by a number itself. */
export function* callsOfNumber(number: string): CampaignWork<readonly string[]> {
  const ids = (yield* find({ numbers: [number] })).numbers.get(number) ?? [];
  const { contacts } = yield* find({ contacts: [`number:${number}`, ...ids.map((id) => `id:${id}`)] });
  const placed = contacts.flatMap(({ attempts }) => attempts.filter((attempt) => attempt.number === number));
  const unplaced = yield* ask((rows) => rows.unplacedOf([number]));
  return [...new Set([...placed.map(({ call }) => call), ...unplaced])];
}
