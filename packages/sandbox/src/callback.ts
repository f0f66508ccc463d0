import type { Form } from './forms.ts';
import type { HttpRequest } from './http.ts';
import { type Method, signatureHeaders } from './signature.ts';

/** The four callbacks of a call. */
export type CallbackKind = 'ring' | 'answer' | 'machine' | 'hangup';

const paths: Readonly<Record<CallbackKind, string>> = {
  ring: '/plivo/ring-url',
  answer: '/plivo/answer-url',
  machine: '/plivo/machine-detection',
  hangup: '/plivo/hangup-url',
};

/** Where an account's callbacks go, and how they are signed. */
export interface Account {
  /** The server's base URL without a slash at its end. */
  readonly base: string;
  readonly authId: string;
  readonly authTokens: readonly string[];
  readonly method: Method;
}

/** The URL that the dialer gave to Plivo for a callback. */
export function callbackUrl(base: string, kind: CallbackKind, campaignId: string): string {
  return `${base}${paths[kind]}?campId=${encodeURIComponent(campaignId)}`;
}

/**
 * The request that Plivo makes for a callback: a form by POST, or by GET everything in the query, where the
 * parameters are sorted in among the URL's own.
 */
export function callbackRequest(
  account: Pick<Account, 'authTokens' | 'method'>,
  url: string,
  form: Form,
  nonce: string,
): HttpRequest {
  if (account.method === 'POST') {
    const signed = { method: 'POST', url, params: form, nonce } as const;
    return {
      method: 'POST',
      url,
      headers: {
        ...signatureHeaders(signed, account.authTokens),
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams(form).toString(),
    };
  }
  const target = new URL(url);
  for (const [name, value] of Object.entries(form)) target.searchParams.append(name, value);
  target.searchParams.sort();
  const signed = { method: 'GET', url: target.href, params: {}, nonce } as const;
  return { method: 'GET', url: target.href, headers: signatureHeaders(signed, account.authTokens), body: '' };
}
