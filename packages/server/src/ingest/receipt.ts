import type { Delivery } from '@ringside/core';
import type { ErrorCode } from '@ringside/protocol';
import type { SignedNonce } from '../providers/plivo/callback.ts';
import type { PlivoMeaning } from '../providers/plivo/normalise.ts';
import type { AuditNote } from '../store/access/records.ts';

/** One accepted message on its way to the store. It is plain data: it crosses threads and may be spooled. */
export type Receipt = { readonly workspace: string; readonly receivedAt: number } & (
  | {
      /** A verified Plivo callback: query and body as they came. */
      readonly kind: 'plivo';
      readonly query: string;
      readonly body: string;
      readonly meaning: PlivoMeaning;
      /** What its signature was made over; `null` where that was checked before. */
      readonly nonce: SignedNonce | null;
    }
  | {
      readonly kind: 'delivery';
      readonly campaignId: string;
      readonly delivery: Delivery;
      /** It comes from a dialer, and its campaign takes only so many changes a day from one. */
      readonly isLimited?: boolean | undefined;
      /** Put down in the audit log, in the same transaction, when the delivery changes something. */
      readonly audit?: AuditNote | undefined;
    }
);

export type PlivoReceipt = Receipt & { readonly kind: 'plivo' };

/** What became of a receipt. `aside`: kept, but not part of any campaign. */
export type ReceiptResult =
  | { readonly result: 'accepted' | 'unchanged' | 'aside' }
  | { readonly result: 'rejected'; readonly code: ErrorCode };

/** A campaign that a batch changed. */
export interface Touched {
  readonly workspace: string;
  readonly campaignId: string;
  readonly version: number;
}

/** What a committed batch comes to; `results` has one entry per receipt, in order. */
export interface Applied {
  readonly results: readonly ReceiptResult[];
  readonly touched: readonly Touched[];
}
