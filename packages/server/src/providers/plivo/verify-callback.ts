import type { ErrorCode } from '@ringside/protocol';
import type { PlivoReceipt } from '../../ingest/receipt.ts';
import type { Services } from '../../services.ts';
import { checkCallback, type PlivoCallback } from './callback.ts';
import { plivoReceipt } from './plivo-receipt.ts';

/** What a callback's signature is checked against. */
export type Verifier = Pick<Services, 'publicUrls' | 'accounts' | 'workspace' | 'status' | 'config'>;

/** A callback that came to one of our own URLs. */
export interface Incoming {
  readonly callback: PlivoCallback;
  /** The workspace that its URL names. */
  readonly workspace: string | null;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

export interface Refused {
  readonly code: ErrorCode;
  readonly refused: string;
}

/** Checks a callback, whether it comes in now or had to wait until there was something to check it with. */
export function verifyCallback(verifier: Verifier, incoming: Incoming): PlivoReceipt | Refused {
  const { publicUrls, accounts, workspace: usual, status, config } = verifier;
  const { callback, workspace, receivedAt } = incoming;
  const check = checkCallback(callback, { publicUrls, accounts, workspace, usual });
  if (!check.valid) {
    status.refused({
      workspace: workspace ?? usual,
      at: receivedAt,
      code: check.code,
      reason: check.reason,
      url: check.url,
    });
    return { code: check.code, refused: check.reason };
  }
  const { query, body } = callback;
  const { account, nonce, fields } = check;
  const verified = { workspace: account.workspace, receivedAt, query, body, nonce };
  return plivoReceipt(verified, config.plivoTimeZone, fields);
}
