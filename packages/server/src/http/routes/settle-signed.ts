import type { PlivoReceipt, ReceiptResult } from '../../ingest/receipt.ts';
import type { Services } from '../../services.ts';
import { HttpProblem } from '../problems.ts';

const NOT_WHAT_WAS_SIGNED = 'The callback is not what was signed before.';

/**
 * Counts what became of a callback whose signature was right.
 * @param url the address for which it was signed
 * @returns what refuses it: its nonce was signed before with other fields; `null` where nothing does
 */
export function settleSigned(
  { status }: Pick<Services, 'status'>,
  { workspace, receivedAt: at }: PlivoReceipt,
  url: string,
  applied: ReceiptResult,
): HttpProblem | null {
  if (applied.result !== 'rejected') {
    status.verified(applied.result, at);
    return null;
  }
  const { code } = applied;
  status.refused({ workspace, at, code, reason: NOT_WHAT_WAS_SIGNED, url });
  return new HttpProblem(code, NOT_WHAT_WAS_SIGNED);
}
