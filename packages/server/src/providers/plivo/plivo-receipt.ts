import { storable } from '@ringside/protocol';
import type { PlivoReceipt } from '../../ingest/receipt.ts';
import type { SignedNonce } from './callback.ts';
import { Fields } from './fields.ts';
import { parseForm } from './form.ts';
import { normalisePlivo } from './normalise.ts';

/** A verified callback: query and body as they came. */
export interface VerifiedCallback {
  readonly workspace: string;
  readonly receivedAt: number;
  readonly query: string;
  readonly body: string;
  /** What its signature was made over; `null` where that was checked before. */
  readonly nonce: SignedNonce | null;
}

/**
 * The receipt of a verified callback.
 * @param timeZone zone of console times where the callback does not show it
 * @param fields its fields, where they are decoded already
 */
export function plivoReceipt(
  callback: VerifiedCallback,
  timeZone: string,
  fields = new Fields(parseForm(callback.query), parseForm(callback.body)),
): PlivoReceipt {
  const { receivedAt } = callback;
  const meaning = normalisePlivo(fields, { receivedAt, timeZone });
  // It is kept as it came, but for what PostgreSQL refuses and SQLite cuts off.
  return { kind: 'plivo', ...callback, query: storable(callback.query), body: storable(callback.body), meaning };
}
