import { createHmac } from 'node:crypto';
import type { Form } from './forms.ts';

/** How a callback is sent. */
export type Method = 'POST' | 'GET';

/** What a V3 signature covers. */
export interface SignedRequest {
  readonly method: Method;
  /** As it was given to Plivo; a fragment is dropped, everything else stays as it is written. */
  readonly url: string;
  /** Of the body, or for GET whatever is not in the URL already. */
  readonly params: Form;
  readonly nonce: string;
}

/**
 * Signature V3 of a voice callback: base64 of the HMAC-SHA256, keyed with the auth token, over URL, parameters and nonce.
 *
 * The URL's query is decoded, sorted and joined with `&`. A body is decoded, sorted and joined with nothing; after a
 * query it follows a full stop, and without a query it follows a question mark. Blank parameters count.
 */
export function signV3({ method, url, params, nonce }: SignedRequest, authToken: string): string {
  const [base, query] = splitUrl(url);
  const given = Object.entries(params);
  const inQuery = pairs(method === 'GET' ? [...query, ...given] : query, '=', '&');
  const inBody = method === 'GET' ? '' : pairs(given, '', '');
  const tail = inQuery !== '' && inBody !== '' ? `${inQuery}.${inBody}` : inQuery + inBody;
  const signed = tail === '' ? base : `${base}?${tail}`;
  return createHmac('sha256', authToken).update(`${signed}.${nonce}`).digest('base64');
}

/**
 * The three headers that Plivo adds. While tokens are rotated an account has several, and each signs.
 *
 * @param authTokens the account's auth tokens; the account is its own main account here, so both headers are equal
 */
export function signatureHeaders(request: SignedRequest, authTokens: readonly string[]): Record<string, string> {
  const signatures = authTokens.map((token) => signV3(request, token)).join(',');
  return {
    'X-Plivo-Signature-V3': signatures,
    'X-Plivo-Signature-Ma-V3': signatures,
    'X-Plivo-Signature-V3-Nonce': request.nonce,
  };
}

function splitUrl(url: string): [base: string, query: [string, string][]] {
  const [address = ''] = url.split('#', 1);
  const mark = address.indexOf('?');
  if (mark < 0) return [address, []];
  return [address.slice(0, mark), [...new URLSearchParams(address.slice(mark + 1))]];
}

function pairs(params: readonly (readonly [string, string])[], between: string, after: string): string {
  return [...params]
    .sort(([a, x], [b, y]) => order(a, b) || order(x, y))
    .map(([key, value]) => key + between + value)
    .join(after);
}

// By code unit, as the vendor's SDKs sort: a locale's order would put capitals elsewhere.
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
