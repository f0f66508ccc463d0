import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '@ringside/protocol';
import { callbackRequest, callbackUrl, type Form, hangupForm } from '@ringside/sandbox';
import { type Logger, pino } from 'pino';
import { loadConfig } from '../config/options.ts';
import { type Internals, type RunningServer, startServer } from '../server.ts';

export const KEY = 'test-admin-key';
export const AUTH_ID = 'MATESTACCOUNT0000000';
export const AUTH_TOKEN = 'test-auth-token';

/** An empty folder that goes with the test. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'ringside-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A real server in this process, on a free port, over an empty store. */
export interface TestServer extends RunningServer {
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  send(method: string, path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  report(campaignId: string): Promise<Report>;
  /** Sends a signed callback. */
  callback(kind: 'ring' | 'answer' | 'machine' | 'hangup', campaignId: string, form: Form): Promise<Response>;
}

export async function testServer(
  env: Record<string, string> = {},
  internals: Internals = {},
  log: Logger = pino({ level: 'silent' }),
): Promise<TestServer> {
  const folder = temporaryFolder();
  const config = loadConfig({
    PORT: '0',
    RINGSIDE_DATA: folder.path,
    RINGSIDE_ADMIN_KEY: KEY,
    PLIVO_AUTH_ID: AUTH_ID,
    PLIVO_AUTH_TOKEN: AUTH_TOKEN,
    ...env,
  });
  const server = await startServer(config, log, internals);
  const authorization = { authorization: `Bearer ${KEY}` };
  const get: TestServer['get'] = (path, headers = {}) =>
    fetch(server.url + path, { headers: { ...authorization, ...headers } });
  return {
    ...server,
    get,
    send: (method, path, body, headers = {}) =>
      fetch(server.url + path, {
        method,
        headers: { ...authorization, 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    report: async (campaignId) => (await get(`/v1/campaigns/${campaignId}/report`)).json() as Promise<Report>,
    callback: (kind, campaignId, form) => sendCallback(server.url, kind, campaignId, form),
    stop: async () => {
      await server.stop();
      if (!env.RINGSIDE_DATA) folder.remove();
    },
  };
}

/** Sends a callback as Plivo would. */
export function sendCallback(
  base: string,
  kind: 'ring' | 'answer' | 'machine' | 'hangup',
  campaignId: string,
  form: Form,
  method: 'GET' | 'POST' = 'POST',
): Promise<Response> {
  const account = { base, authId: AUTH_ID, authTokens: [AUTH_TOKEN], method };
  const { url, headers, body } = callbackRequest(
    account,
    callbackUrl(base, kind, campaignId),
    form,
    randomUUID().replaceAll('-', ''),
  );
  return fetch(url, { method, headers: { ...headers }, ...(method === 'POST' ? { body } : {}) });
}

/** A hangup of an answered call that ended just now. */
export function hangup(callUuid: string, changes: Partial<Parameters<typeof hangupForm>[0]> = {}, seconds = 60): Form {
  const endedAt = Math.floor(Date.now() / 1000) * 1000;
  const answeredAt = endedAt - seconds * 1000;
  const facts = {
    authId: AUTH_ID,
    callUuid,
    requestUuid: callUuid,
    from: '+918035735659',
    to: '+919876543210',
    sessionStart: answeredAt - 10_000,
    billRate: '0.005',
    ...changes,
  };
  return hangupForm(facts, { startedAt: answeredAt - 10_000, answeredAt, endedAt, code: 4000, zone: 'Asia/Kolkata' });
}
