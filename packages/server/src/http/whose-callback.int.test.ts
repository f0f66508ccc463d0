import { connect } from 'node:net';
import { callbackRequest, callbackUrl, type Form } from '@ringside/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AUTH_ID,
  AUTH_TOKEN,
  hangup,
  type TestServer,
  temporaryFolder,
  testServer,
} from '../testing/running-server.ts';
import { workspaceKey } from '../testing/workspace.ts';

const ACME = { authId: 'MAACME00000000000000', token: 'acme-auth-token' };

let server: TestServer;
let acme: { authorization: string };
beforeAll(async () => {
  server = await testServer();
  acme = await workspaceKey(server, 'acme');
  const added = await server.send('POST', '/v1/provider-accounts', ACME, acme);
  expect(added.status).toBe(201);
});
afterAll(() => server.stop());

let nonces = 0;

/** Sends a hangup that an account signed. */
function deliver(form: Form, { token = ACME.token, path = '', nonce = `n${++nonces}`, campaignId = 'c-1' } = {}) {
  const base = `${server.url}${path}`;
  const account = { base, authId: 'unused', authTokens: [token], method: 'POST' } as const;
  const { url, headers, body } = callbackRequest(account, callbackUrl(base, 'hangup', campaignId), form, nonce);
  return fetch(url, { method: 'POST', headers: { ...headers }, body });
}

/** Passes a hangup on, as a host that received it would. */
function tee(form: Form, nonce: string): Promise<Response> {
  const base = 'https://host.example';
  const account = { base, authId: 'unused', authTokens: [ACME.token], method: 'POST' } as const;
  const { url, headers } = callbackRequest(account, callbackUrl(base, 'hangup', 'c-1'), form, nonce);
  const raw = { method: 'POST', url, headers, body: new URLSearchParams(form).toString() };
  return server.send('POST', '/v1/providers/plivo/raw', raw, acme);
}

/** Asks with a target that no client of HTTP would send: they take off what follows a #. */
async function rawStatus(method: 'GET' | 'POST', target: string): Promise<number> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.write(`${method} ${target} HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
  const answer = Buffer.concat(await socket.toArray()).toString();
  return Number(answer.split(' ')[1]);
}

const callsSeen = async (authorization: string, campaignId = 'c-1'): Promise<number | null> => {
  const response = await server.get(`/v1/campaigns/${campaignId}/report`, { authorization });
  return response.status === 404 ? null : (await response.json()).progress.attempts;
};

const codeOf = async (response: Response): Promise<string> => (await response.json()).code;

describe('a callback belongs to the account that its ParentAuthID names', () => {
  it('and to that account’s workspace: one campaign id in two workspaces is two campaigns', async () => {
    expect((await deliver(hangup('a-1', { authId: ACME.authId }))).status).toBe(200);
    expect((await deliver(hangup('a-2', { authId: ACME.authId }))).status).toBe(200);
    expect((await deliver(hangup('d-1', { authId: AUTH_ID }), { token: AUTH_TOKEN })).status).toBe(200);
    expect(await callsSeen(acme.authorization)).toBe(2);
    expect(await callsSeen('Bearer test-admin-key')).toBe(1);
  });

  it('only that account’s tokens are tried', async () => {
    const refused = await deliver(hangup('x-1', { authId: ACME.authId }), { token: AUTH_TOKEN });
    expect(refused.status).toBe(403);
    expect(await codeOf(refused)).toBe('signature-invalid');
    const unknown = await deliver(hangup('x-2', { authId: 'MANOBODY000000000000' }), { path: '/w/acme' });
    expect(await codeOf(unknown)).toBe('account-unknown');
  });

  it('a URL may name the workspace, for callbacks that name no account', async () => {
    const { ParentAuthID: _none, ...form } = hangup('a-3', { authId: ACME.authId });
    expect((await deliver(form, { path: '/w/acme' })).status).toBe(200);
    expect(await callsSeen(acme.authorization)).toBe(3);
    expect((await deliver(form)).status).toBe(403);
    expect((await deliver(form, { path: '/w/nobody' })).status).toBe(403);
  });

  it('an account of two workspaces needs a URL that names one', async () => {
    const beta = await workspaceKey(server, 'beta');
    await server.send('POST', '/v1/provider-accounts', ACME, beta);
    const form = hangup('b-1', { authId: ACME.authId });
    expect(await codeOf(await deliver(form))).toBe('account-ambiguous');
    expect((await deliver(form, { path: '/w/beta' })).status).toBe(200);
    expect(await callsSeen(beta.authorization)).toBe(1);
    const { items } = await (await server.get('/v1/provider-accounts', beta)).json();
    await server.send('DELETE', `/v1/provider-accounts/${items[0].id}`, undefined, beta);
  });
});

describe('a sub-account', () => {
  it('is heard whatever another workspace says of the account above it', async () => {
    const below = { authId: 'SABELOW0000000000000', token: 'below-auth-token' };
    const lower = await workspaceKey(server, 'lower');
    await server.send('POST', '/v1/provider-accounts', below, lower);
    const above = 'MAABOVE0000000000000';
    const told = async (id: string) => (await deliver(hangup(id, { authId: above }), { token: below.token })).status;
    expect(await told('s-1')).toBe(200);
    const other = await workspaceKey(server, 'claims-it');
    const claimed = await server.send(
      'POST',
      '/v1/provider-accounts',
      { authId: above, token: 'no-such-token' },
      other,
    );
    expect(claimed.status).toBe(201);
    expect(await told('s-2')).toBe(200);
    expect(await callsSeen(lower.authorization)).toBe(2);
    expect(await callsSeen(other.authorization)).toBeNull();
  });
});

describe('tokens of an account', () => {
  it('are both live while one replaces the other, and the old one is not after that', async () => {
    const { items } = await (await server.get('/v1/provider-accounts', acme)).json();
    const path = `/v1/provider-accounts/${items[0].id}`;
    const change = (body: unknown) => server.send('PATCH', path, body, acme);
    await change({ addToken: 'acme-next-token' });
    const send = async (id: string, token: string) =>
      (await deliver(hangup(id, { authId: ACME.authId }), { token })).status;
    expect([await send('r-1', ACME.token), await send('r-2', 'acme-next-token')]).toEqual([200, 200]);
    await change({ dropTokens: 'all-but-newest' });
    expect([await send('r-3', ACME.token), await send('r-4', 'acme-next-token')]).toEqual([403, 200]);
    await change({ addToken: ACME.token });
  });

  it('never come out again', async () => {
    const shown = await (await server.get('/v1/provider-accounts', acme)).text();
    expect(shown).toContain('…oken');
    expect(shown).not.toContain('acme-');
  });
});

describe('a callback that comes again', () => {
  it('is answered 200, changes nothing and is counted', async () => {
    const form = hangup('again', { authId: ACME.authId });
    const before = await callsSeen(acme.authorization);
    const unchanged = async () => (await (await server.get('/v1/intake')).json()).unchanged;
    await deliver(form, { nonce: 'same' });
    const counted = await unchanged();
    expect((await deliver(form, { nonce: 'same' })).status).toBe(200);
    expect(await unchanged()).toBe(counted + 1);
    expect(await callsSeen(acme.authorization)).toBe((before ?? 0) + 1);
  });

  it('with other parameters under the same nonce is refused', async () => {
    const form = hangup('cut', { authId: ACME.authId });
    expect((await deliver(form, { nonce: 'cut' })).status).toBe(200);
    const response = await deliver({ ...form, Duration: '1' }, { nonce: 'cut' });
    expect([response.status, await codeOf(response)]).toEqual([403, 'nonce-reused']);
  });

  it('cut into other parameters is refused, wherever it is sent and whatever was heard before', async () => {
    const { Duration = '', ...rest } = hangup('cut2', { authId: ACME.authId });
    const forged: Form = { ...rest, [`Duration${Duration.slice(0, 1)}`]: Duration.slice(1) };
    for (const answer of [await deliver(forged), await deliver(forged, { path: '/w/acme' }), await tee(forged, 'c2')])
      expect([answer.status, await codeOf(answer)]).toEqual([403, 'signature-invalid']);
  });

  it('with text behind a # in its target is 400 on every route', async () => {
    const target = '/plivo/hangup-url?campId=c-1#&campId=c-2';
    const machine = '/w/acme/webhooks/plivo/machine-detection#?campId=c-2';
    for (const [method, path] of [
      ['POST', target],
      ['GET', `/w/acme${target}`],
      ['GET', machine],
    ] as const)
      expect(await rawStatus(method, path), path).toBe(400);
    const headers = { 'x-plivo-signature-v3': 'x', 'x-plivo-signature-v3-nonce': '1' };
    const raw = { method: 'POST', url: `https://host.example${target}`, headers, body: '' };
    expect((await server.send('POST', '/v1/providers/plivo/raw', raw, acme)).status).toBe(400);
  });

  it('is refused likewise when it is teed, whichever way it came first', async () => {
    const form = hangup('teed', { authId: ACME.authId });
    expect((await tee(form, 'teed1')).status).toBe(200);
    expect(await (await tee(form, 'teed1')).json()).toEqual({ result: 'unchanged' });
    const refused = (await (await server.get('/v1/intake', acme)).json()).refused;
    const changed = await tee({ ...form, Duration: '1' }, 'teed1');
    expect([changed.status, await codeOf(changed)]).toEqual([403, 'nonce-reused']);
    expect((await (await server.get('/v1/intake', acme)).json()).refused).toBe(refused + 1);
  });

  it('is known after a restart, too', async () => {
    const folder = temporaryFolder();
    const first = await testServer({ RINGSIDE_DATA: folder.path });
    const send = (url: string, form: Form) => {
      const account = { base: url, authId: AUTH_ID, authTokens: [AUTH_TOKEN], method: 'POST' } as const;
      const request = callbackRequest(account, callbackUrl('https://ringside.example', 'hangup', 'c-1'), form, 'once');
      return fetch(request.url.replace('https://ringside.example', url), {
        ...request,
        headers: { ...request.headers },
      });
    };
    await first.stop();
    const env = { RINGSIDE_DATA: folder.path, PUBLIC_URL: 'https://ringside.example' };
    const second = await testServer(env);
    const form = hangup('kept');
    expect((await send(second.url, form)).status).toBe(200);
    await second.stop();
    const third = await testServer(env);
    expect((await send(third.url, { ...form, Duration: '1' })).status).toBe(403);
    expect((await send(third.url, form)).status).toBe(200);
    await third.stop();
    folder.remove();
  });
});

describe('why a callback was refused', () => {
  it('is told to its own workspace and to who looks after all, and to no other', async () => {
    const [one, other] = [await workspaceKey(server, 'refused-one'), await workspaceKey(server, 'refused-other')];
    const response = await fetch(`${server.url}/w/refused-one/plivo/ring-url`, { method: 'POST' });
    expect(response.status).toBe(403);
    const told = async (headers = {}) =>
      ((await (await server.get('/v1/intake', headers)).json()) as { lastRefusal: { url: string } | null }).lastRefusal;
    expect((await told())?.url).toBe(`${server.url}/w/refused-one/plivo/ring-url`);
    expect(await told(one)).toEqual(await told());
    expect(await told(other)).toBeNull();
  });
});
