import type { IncomingHttpHeaders } from 'node:http';
import type { ErrorCode } from '@ringside/protocol';
import { type Params, parseForm } from './form.ts';
import { verifySignature } from './signature.ts';

/** A callback as it came, before anybody believes it. */
export interface PlivoCallback {
  readonly method: 'GET' | 'POST';
  /** Path and query as sent. */
  readonly target: string;
  readonly query: string;
  readonly body: string;
  readonly nonce: string;
  readonly signatures: readonly string[];
}

export type CallbackCheck =
  /** `form`: the body, decoded. */
  | { readonly valid: true; readonly form: Params }
  | { readonly valid: false; readonly code: ErrorCode; readonly reason: string; readonly url: string };

/** @param target path and query exactly as they stood in the request line */
export function callbackOf(method: string, target: string, headers: IncomingHttpHeaders, body: string): PlivoCallback {
  const cut = target.indexOf('?');
  return {
    method: method === 'GET' ? 'GET' : 'POST',
    target,
    query: cut < 0 ? '' : target.slice(cut + 1),
    body,
    nonce: headerOf(headers, 'x-plivo-signature-v3-nonce'),
    signatures: [headerOf(headers, 'x-plivo-signature-v3'), headerOf(headers, 'x-plivo-signature-ma-v3')].filter(
      Boolean,
    ),
  };
}

/** Believes a callback if any configured public URL and any live token give one of its signatures. */
export function checkCallback(
  callback: PlivoCallback,
  publicUrls: readonly string[],
  tokens: readonly string[],
): CallbackCheck {
  const url = `${publicUrls[0] ?? ''}${callback.target.split('?', 1)[0]}`;
  if (tokens.length === 0) {
    const reason = 'PLIVO_AUTH_TOKEN is not set, so callbacks cannot be checked. Set it and restart.';
    return { valid: false, code: 'plivo-token-missing', reason, url };
  }
  if (callback.signatures.length === 0 || callback.nonce === '') {
    const reason =
      'The callback carries no V3 signature and nonce. Callbacks must come from Plivo, through nothing that drops headers.';
    return { valid: false, code: 'signature-invalid', reason, url };
  }
  const form = parseForm(callback.body);
  const { method, nonce, signatures } = callback;
  for (const base of publicUrls) {
    const request = { method, url: base + callback.target, body: form, nonce, signatures };
    if (verifySignature(request, tokens)) return { valid: true, form };
  }
  const reason = `The signature does not match ${url}. Compare this with the URL given to Plivo, and PUBLIC_URL and PLIVO_AUTH_TOKEN with your account.`;
  return { valid: false, code: 'signature-invalid', reason, url };
}

function headerOf(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  return (Array.isArray(value) ? value.join(',') : value) ?? '';
}
