import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** How far the clock of the sender may be from ours, and so for how long a copy of a request could be sent again. */
export const TOLERANCE_MS = 5 * 60_000;

/** Why a request is not believed. */
export type Disbelief = 'unsigned' | 'wrong-signature' | 'too-old';

/**
 * Whether a request is Ringside's: `X-Ringside-Signature: t=<seconds>,v1=<hex>`, where the hex is HMAC-SHA256 of the
 * seconds, a dot and the body as it came.
 * @param nowMs epoch milliseconds
 * @returns `null` when it is
 */
export function disbelief(
  { headers, body }: { readonly headers: IncomingHttpHeaders; readonly body: string },
  secret: string,
  nowMs: number,
): Disbelief | null {
  const signature = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(String(headers['x-ringside-signature'] ?? ''));
  if (!signature) return 'unsigned';
  const [, seconds = '', given = ''] = signature;
  const mac = createHmac('sha256', secret).update(`${seconds}.${body}`).digest();
  if (!timingSafeEqual(mac, Buffer.from(given, 'hex'))) return 'wrong-signature';
  return Math.abs(Number(seconds) * 1_000 - nowMs) > TOLERANCE_MS ? 'too-old' : null;
}
