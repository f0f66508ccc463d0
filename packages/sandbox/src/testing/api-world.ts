import { validateV3Signature } from 'plivo/dist/utils/v3Security.js';
import { expect } from 'vitest';
import type { CallApiOptions } from '../call-api/options.ts';
import { type CallApi, startCallApi } from '../call-api/start-call-api.ts';
import { type Scenario, scenarios } from '../scenarios.ts';
import { type Answer, type Received, type StubServer, startStub } from './stub-server.ts';

export const authId = 'MAAPI';
export const authToken = 'api-token';
export const speaks = '<?xml version="1.0"?><Response><Speak>Hello &amp; welcome</Speak></Response>';

/** Everybody answers, and is a person. */
export const answering: Scenario = {
  ...scenarios.steady,
  answerRate: { first: 1, last: 1 },
  retryFactor: 1,
  badNumbers: { share: 0, codes: { 2000: 1 } },
  machine: { share: 0, hungUp: 0 },
};
/** Nobody answers, ever. */
export const ringing: Scenario = { ...answering, answerRate: { first: 0, last: 0 }, unanswered: { 6010: 1 } };
/** Machines answer. */
export const machines: Scenario = { ...answering, machine: { share: 1, hungUp: 0 } };

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the API answers
  readonly body: any;
}

/** A dialer with a server for its callbacks, and the API that it calls. */
export interface ApiWorld {
  readonly api: CallApi;
  readonly dialer: StubServer;
  readonly ask: (method: string, path: string, body?: unknown, token?: string) => Promise<Reply>;
  /** Asks for a call; `changes` override what is usual. */
  readonly dial: (number: string, changes?: Readonly<Record<string, unknown>>) => Promise<Reply>;
  /** What the callbacks of a kind said, in the order in which they came. */
  readonly heard: (kind: string) => Received[];
  readonly close: () => Promise<void>;
}

export type WorldOptions = Partial<Omit<CallApiOptions, 'accounts'>> & {
  readonly callsPerSecond?: number;
  readonly concurrency?: number;
  readonly answer?: (request: Received) => Answer;
};

export async function startApiWorld({ callsPerSecond = 1_000, concurrency, answer, ...options }: WorldOptions = {}) {
  const usual = ({ path }: Received) => (path === '/answer' ? { status: 200, body: speaks } : undefined);
  const dialer = await startStub((request) => answer?.(request) ?? usual(request));
  const limits = { callsPerSecond, ...(concurrency === undefined ? {} : { concurrency }) };
  const accounts = [{ authId, authTokens: [authToken], ...limits }];
  const api = await startCallApi({ scenario: answering, speed: 200, requestsPer5Seconds: 1e6, ...options, accounts });
  let attempts = 0;

  const ask: ApiWorld['ask'] = async (method, path, body, token = authToken) => {
    const authorization = `Basic ${Buffer.from(`${authId}:${token}`).toString('base64')}`;
    const headers = { authorization, 'content-type': 'application/json' };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(`${api.url}/v1/Account/${authId}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: text }),
    });
    const answered = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: answered === '' ? null : JSON.parse(answered),
    };
  };
  const world: ApiWorld = {
    api,
    dialer,
    ask,
    dial: (number, changes = {}) => {
      attempts += 1;
      const url = (kind: string) => `${dialer.url}/${kind}?campId=c-1&attemptId=a-${attempts}#rc=5&rp=all`;
      const usual = { from: '+918035735601', answer_url: url('answer'), ring_url: url('ring') };
      return ask('POST', '/Call/', { ...usual, hangup_url: url('hangup'), to: number, ...changes });
    },
    heard: (kind) => dialer.received.filter(({ path }) => path === `/${kind}`),
    close: async () => {
      await api.close();
      await dialer.close();
    },
  };
  return world;
}

/** Whether the vendor's own SDK takes the callback for genuine. */
export function isGenuine(dialer: StubServer, request: Received): boolean {
  const { 'x-plivo-signature-v3': signature, 'x-plivo-signature-v3-nonce': nonce } = request.headers;
  const method = request.method === 'GET' ? 'GET' : 'POST';
  const given = method === 'POST' ? request.form : {};
  return validateV3Signature(method, dialer.url + request.target, String(nonce), authToken, String(signature), given);
}

/** Waits until something is so. */
export async function until(isSo: () => boolean): Promise<void> {
  await expect.poll(isSo, { timeout: 20_000 }).toBe(true);
}
