import {
  type CallDelivery,
  type CallRow,
  type CampaignState,
  type Changes,
  type Delivery,
  type Eraser,
  eraseNumber,
  type Found,
  fact,
  isErased,
  namesErased,
  nothingWanted,
  type Wanted,
} from '@ringside/core';
import { parseForm } from '../../providers/plivo/form.ts';
import { toErase } from './rewrite.ts';

/** A delivery as it may be stored. */
export interface Admitted {
  readonly delivery: Delivery;
  /** It was rewritten: what came in raw must not be kept. */
  readonly isRewritten: boolean;
}

/** What of a campaign decides what it takes. */
export interface AdmissionTerms {
  /** `null` while the workspace has erased no number. */
  readonly eraser: Eraser | null;
  readonly state: CampaignState;
  /** Up to when records were deleted, `null` while none were. */
  readonly deletedBefore: number | null;
}

/**
 * What deliveries come to where records were deleted and numbers erased: they are put back into neither.
 * @returns one for each; `past-retention` for a call whose records were deleted, or would have been
 */
export function* admit(
  deliveries: readonly Delivery[],
  { eraser, state, deletedBefore }: AdmissionTerms,
): Generator<Wanted, (Admitted | 'past-retention')[], Found> {
  if (!eraser && deletedBefore === null) return deliveries.map((delivery) => ({ delivery, isRewritten: false }));
  const country = fact(state.campaign, 'defaultCountry');
  const erased = (delivery: CallDelivery, ofErased: boolean): CallDelivery =>
    eraser ? eraseNumber(delivery, eraser, { country, ofErased }) : delivery;
  const named = deliveries.map((delivery) => (delivery.about === 'call' ? erased(delivery, false) : delivery));
  const isPast = (delivery: CallDelivery): boolean => deletedBefore !== null && firstAt(delivery) <= deletedBefore;
  const known = yield* callsOf(
    named.filter((delivery, index): delivery is CallDelivery => {
      if (delivery.about !== 'call') return false;
      return isPast(delivery) || (eraser !== null && delivery === deliveries[index]);
    }),
  );
  return named.map((delivery, index) => {
    const before = deliveries[index];
    if (delivery.about === 'campaign') return { delivery, isRewritten: false };
    const calls = delivery.aliases.flatMap(({ id }) => known.get(id) ?? []);
    // A call that is still stored may be told of to the end: its contact was not settled when others were deleted.
    if (isPast(delivery) && calls.length === 0) return 'past-retention';
    // It may not name the number, but what it tells may be of a call whose number was erased.
    const fitting =
      delivery === before
        ? erased(
            delivery,
            calls.some(({ call }) => isErased(call)),
          )
        : delivery;
    return { delivery: fitting, isRewritten: fitting !== before };
  });
}

/** True for a callback that names an erased number anywhere. */
export function isOfErased(
  { query, body }: { readonly query: string; readonly body: string },
  eraser: Eraser,
): boolean {
  const values = [parseForm(query), parseForm(body)].flatMap((params) => Object.values(params).flat());
  return values.some((value) => value !== undefined && namesErased(value, eraser));
}

/**
 * True when the campaign must be looked through again: numbers read otherwise may be erased ones, and what was said of
 * a call may have come before its number.
 */
export function mayNameErased({ rereadNumbers, calls, state }: Changes, eraser: Eraser | null): boolean {
  return eraser !== null && (rereadNumbers || toErase(calls, eraser, state).length > 0);
}

/** Stored calls that deliveries are about, by any of their names. */
function* callsOf(deliveries: readonly CallDelivery[]): Generator<Wanted, ReadonlyMap<string, CallRow>, Found> {
  const aliases = new Set(deliveries.flatMap((delivery) => delivery.aliases.map(({ id }) => id)));
  const known = new Map<string, CallRow>();
  if (aliases.size === 0) return known;
  for (const row of (yield { ...nothingWanted, aliases: [...aliases] }).calls) {
    known.set(row.row, row);
    for (const { id } of row.call.aliases) known.set(id, row);
  }
  return known;
}

function firstAt({ events }: CallDelivery): number {
  return Math.min(...events.map(({ at }) => at));
}
