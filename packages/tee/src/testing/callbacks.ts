import { randomUUID } from 'node:crypto';
import { callbackRequest, hangupForm, type Method } from '@ringside/sandbox';
import { AUTH_ID, AUTH_TOKEN } from './ringside.ts';

/** What the world calls the host; nothing listens there. */
export const PUBLIC_URL = 'https://calls.example.test';

export interface SignedCallback {
  readonly callUuid: string;
  readonly method: Method;
  /** Path and query, as they stand after the public URL. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface CallbackWish {
  readonly campaignId: string;
  readonly method?: Method;
  readonly authToken?: string;
  readonly path?: string;
}

/** The hangup callback of an answered call of 30 s that just ended, signed as Plivo signs it. */
export function hangup(wish: CallbackWish): SignedCallback {
  const { campaignId, method = 'POST', authToken = AUTH_TOKEN, path = '/plivo/hangup' } = wish;
  const callUuid = randomUUID();
  const endedAt = Math.floor(Date.now() / 1_000) * 1_000 - 1_000;
  const startedAt = endedAt - 40_000;
  const call = {
    authId: AUTH_ID,
    callUuid,
    requestUuid: callUuid,
    from: '+918035735659',
    to: '+919876543210',
    sessionStart: startedAt + 0.123,
    billRate: '0.005',
  };
  const end = { startedAt, answeredAt: endedAt - 30_000, endedAt, code: 4000, zone: 'Asia/Kolkata' } as const;
  const account = { base: PUBLIC_URL, authId: AUTH_ID, authTokens: [authToken], method };
  const url = `${PUBLIC_URL}${path}?campId=${campaignId}&note=a%20b+c`;
  const request = callbackRequest(account, url, hangupForm(call, end), randomUUID().replaceAll('-', ''));
  const { headers, body } = request;
  return { callUuid, method, target: request.url.slice(PUBLIC_URL.length), headers, body };
}

/** Calls a host as Plivo does. */
export function send(hostUrl: string, { method, target, headers, body }: SignedCallback): Promise<Response> {
  return fetch(hostUrl + target, { method, headers, ...(method === 'POST' ? { body } : {}) });
}
