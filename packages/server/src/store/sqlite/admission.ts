import {
  type CallDelivery,
  type Delivery,
  type Eraser,
  eraseNumber,
  fact,
  isErased,
  namesErased,
} from '@ringside/core';
import type { Receipt } from '../../ingest/receipt.ts';
import { parseForm } from '../../providers/plivo/form.ts';
import type { Tables } from './apply.ts';
import type { LiveCampaign } from './campaigns.ts';

/** A delivery as it may be stored. */
export interface Admitted {
  readonly delivery: Delivery;
  /** It was rewritten: what came in raw must not be kept. */
  readonly isRewritten: boolean;
}

/**
 * What a delivery comes to where records were deleted and numbers erased: it is put back into neither.
 * @returns `past-retention` for a call whose records were deleted, or would have been
 */
export function admitted(tables: Tables, live: LiveCampaign, delivery: Delivery): Admitted | 'past-retention' {
  if (delivery.about === 'campaign') return { delivery, isRewritten: false };
  const eraser = tables.erasures.of(live.workspace);
  const fitting = eraser ? erased(tables, live, delivery) : delivery;
  const base = tables.bases.get(live.key);
  // A call that is still stored may be told of to the end: its contact was not settled when others were deleted.
  if (base && firstAt(fitting) <= base.deletedBefore && !isStored(tables, live, fitting)) return 'past-retention';
  return { delivery: fitting, isRewritten: fitting !== delivery };
}

/** A callback without a campaign that names somebody whose number was erased is not kept. */
export function mayBeKept({ erasures }: Tables, receipt: Receipt & { readonly kind: 'plivo' }): boolean {
  const eraser = erasures.of(receipt.workspace);
  return !eraser || !isOfErased(receipt, eraser);
}

/** True for a callback that names an erased number anywhere. */
export function isOfErased(
  { query, body }: { readonly query: string; readonly body: string },
  eraser: Eraser,
): boolean {
  const values = [parseForm(query), parseForm(body)].flatMap((params) => Object.values(params).flat());
  return values.some((value) => value !== undefined && namesErased(value, eraser));
}

function erased(tables: Tables, live: LiveCampaign, delivery: CallDelivery): CallDelivery {
  const eraser = tables.erasures.of(live.workspace);
  if (!eraser) return delivery;
  const country = fact(live.state.campaign, 'defaultCountry');
  const rewritten = eraseNumber(delivery, eraser, { country, ofErased: false });
  if (rewritten !== delivery) return rewritten;
  // It does not name the number, but what it tells may be of a call whose number was erased.
  const ofErased = delivery.aliases.some(({ id }) => {
    const known = tables.rows.byAlias(live.key, id);
    return known !== null && isErased(known.call);
  });
  return eraseNumber(delivery, eraser, { country, ofErased });
}

function isStored(tables: Tables, live: LiveCampaign, { aliases }: CallDelivery): boolean {
  return aliases.some(({ id }) => tables.rows.byAlias(live.key, id) !== null);
}

function firstAt({ events }: CallDelivery): number {
  return Math.min(...events.map(({ at }) => at));
}
