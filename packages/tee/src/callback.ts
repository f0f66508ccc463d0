import type { IncomingHttpHeaders } from 'node:http';

/** A callback as the host received it: the body of `POST /v1/providers/plivo/raw`. */
export interface TeedCallback {
  readonly method: 'GET' | 'POST';
  /** The full URL that Plivo called: the signature covers it, so it stays as it was written. */
  readonly url: string;
  /** Signature, nonce and content type; lower-case names. No other header of the host is passed on. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body text; empty for GET, whose parameters stand in the URL. */
  readonly body: string;
}

/** What decides whether a request is passed on. */
export interface SeenRequest {
  readonly method: string;
  /** Path as Plivo called it, without the query. */
  readonly path: string;
  /** Lower-case names, as Node.js gives them. */
  readonly headers: IncomingHttpHeaders;
}

const passedOn = [
  'x-plivo-signature-v3',
  'x-plivo-signature-ma-v3',
  'x-plivo-signature-v3-nonce',
  'content-type',
] as const;

/** The default choice: whatever carries a Plivo V3 signature. Whether it is a right one, Ringside finds out. */
export function isSigned({ headers }: SeenRequest): boolean {
  return headers['x-plivo-signature-v3'] !== undefined || headers['x-plivo-signature-ma-v3'] !== undefined;
}

/** The headers that the signature check needs. */
export function headersOf(headers: IncomingHttpHeaders): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of passedOn) {
    const value = headers[name];
    if (value !== undefined) found[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return found;
}

/** Whether a value read back from a file is a callback. */
export function isCallback(value: unknown): value is TeedCallback {
  if (typeof value !== 'object' || value === null) return false;
  const { method, url, headers, body } = value as Partial<Record<keyof TeedCallback, unknown>>;
  return (
    (method === 'GET' || method === 'POST') &&
    typeof url === 'string' &&
    typeof headers === 'object' &&
    headers !== null &&
    typeof body === 'string'
  );
}
