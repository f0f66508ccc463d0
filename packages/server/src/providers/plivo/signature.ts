import { createHmac, timingSafeEqual } from 'node:crypto';
import { hasAny, type Params } from './form.ts';

/** A request as the provider signed it, in the very parts that are read. */
export interface SignedRequest {
  readonly method: 'GET' | 'POST';
  /** The public URL up to its query, as sent and not re-encoded. */
  readonly address: string;
  /** Decoded query. */
  readonly query: Params;
  /** Decoded form body; of a GET it is not signed. */
  readonly body: Params;
  readonly nonce: string;
  /** Values of the signature headers; each may hold several signatures, comma separated. */
  readonly signatures: readonly string[];
}

/**
 * Checks a Plivo V3 signature: HMAC-SHA256 over URL, sorted parameters and nonce, keyed with an auth token, in base64.
 * One match between any signature and any live token is enough. Comparison takes constant time.
 */
export function verifySignature(request: SignedRequest, tokens: readonly string[]): boolean {
  const given = request.signatures
    .flatMap((header) => header.split(','))
    .map((text) => Buffer.from(text.trim()))
    .filter((signature) => signature.length === SIGNATURE_LENGTH);
  if (given.length === 0) return false;
  const text = signedText(request);
  let valid = false;
  for (const token of tokens) {
    const expected = Buffer.from(createHmac('sha256', token).update(text).digest('base64'));
    for (const signature of given) if (timingSafeEqual(expected, signature)) valid = true;
  }
  return valid;
}

/** Base64 of 32 bytes. */
const SIGNATURE_LENGTH = 44;

/**
 * The text that is signed: the address, `?` with the sorted query, for POST the sorted body without separators, then
 * `.` and the nonce. With a body the `?` stands even where there is no query, and a `.` stands between the two.
 */
export function signedText({ method, address, query, body, nonce }: Omit<SignedRequest, 'signatures'>): string {
  const sorted = joinSorted(query, '=', '&');
  const hasBody = method === 'POST' && hasAny(body);
  if (!hasBody) return `${sorted ? `${address}?${sorted}` : address}.${nonce}`;
  return `${address}?${sorted}${sorted ? '.' : ''}${joinSorted(body, '', '')}.${nonce}`;
}

function joinSorted(params: Params, equals: string, separator: string): string {
  let text = '';
  for (const key of Object.keys(params).sort()) {
    const value = params[key] ?? '';
    const values = Array.isArray(value) ? [...value].sort() : [value];
    for (const one of values) text += (text && separator) + key + equals + one;
  }
  return text;
}
