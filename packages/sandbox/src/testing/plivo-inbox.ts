import { signV3 } from '../signature.ts';
import type { Received } from './stub-server.ts';

export const authToken = 'stub-auth-token';

const kinds: Readonly<Record<string, string>> = {
  '/plivo/ring-url': 'ring',
  '/plivo/answer-url': 'answer',
  '/plivo/machine-detection': 'machine',
  '/plivo/hangup-url': 'hangup',
};

export interface Callback {
  readonly kind: string;
  readonly uuid: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly request: Received;
}

export function isCallback({ path }: Received): boolean {
  return path in kinds;
}

/** The callbacks among the requests, in the order in which they came. */
export function callbacksIn(received: readonly Received[]): Callback[] {
  return received.filter(isCallback).map((request) => {
    const fields = { ...Object.fromEntries(request.query), ...request.form };
    return { kind: kinds[request.path] ?? '', uuid: fields.CallUUID ?? '', fields, request };
  });
}

/** Whether a request carries a signature that fits its raw URL and its body. */
export function isSigned(url: string, request: Received): boolean {
  const method = request.method === 'GET' ? 'GET' : 'POST';
  const nonce = String(request.headers['x-plivo-signature-v3-nonce']);
  const expected = signV3({ method, url: url + request.target, params: request.form, nonce }, authToken);
  const { 'x-plivo-signature-v3': own, 'x-plivo-signature-ma-v3': main } = request.headers;
  return nonce !== 'undefined' && own === expected && main === expected;
}

export function eventsIn(received: readonly Received[]): Record<string, unknown>[] {
  return received
    .filter(({ path }) => path === '/v1/events')
    .flatMap(({ body }) => (JSON.parse(body) as { events: Record<string, unknown>[] }).events);
}
