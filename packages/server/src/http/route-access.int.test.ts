import type { Permission, Role } from '@ringside/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { permissionsOf } from '../access/principal.ts';
import { createOwned, type OpenLink, openLink, type Send } from '../testing/owned.ts';
import { fill, type Owned, openSamples, type RouteSample, routeSamples } from '../testing/route-samples.ts';
import { type TestServer, temporaryFolder, testServer } from '../testing/running-server.ts';
import { keyHeaders } from '../testing/viewer.ts';
import { makeKey, workspaceKey } from '../testing/workspace.ts';

const folder = temporaryFolder();
let server: TestServer;
let owned: Owned;
let share: OpenLink;
let strangers: Record<'nobody' | 'revoked' | 'expired', Record<string, string>>;
const keys: Record<string, Record<string, string>> = {};

beforeAll(async () => {
  // The campaign that it would play is tried elsewhere.
  server = await testServer({ RINGSIDE_DATA: folder.path, RINGSIDE_SIMULATION: '0' });
  keys.mine = await workspaceKey(server, 'mine');
  keys.other = await workspaceKey(server, 'other');
  for (const role of ['viewer', 'operator'] as const) keys[role] = await workspaceKey(server, 'mine', { role });
  keys.ingest = await workspaceKey(server, 'mine', { role: 'operator', scopes: ['ingest'] });
  const send: Send = (method, path, body) => server.send(method, path, body, keys.mine);
  owned = await createOwned(send, 'mine', 'c-mine');
  share = await openLink(server.url, send, owned.campaignId);
  strangers = { nobody: {}, ...(await endedKeys()) };
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

async function endedKeys() {
  const revoked = await makeKey(server, { workspace: 'mine' });
  await server.send('DELETE', `/v1/keys/${revoked.id}?workspace=mine`, undefined);
  const expired = keyHeaders(folder.path, { workspace: 'mine', role: 'admin', expiresAt: Date.now() - 1 });
  return { revoked: { authorization: `Bearer ${revoked.key}` }, expired };
}

/** Asks once, and hangs up on a stream. */
async function ask(
  route: string,
  headers: Record<string, string>,
  base = '',
): Promise<{ status: number; code: string }> {
  const sample = routeSamples[route] as RouteSample;
  const { path, body } = fill(route, sample, owned);
  const ending = new AbortController();
  const response = await fetch(server.url + base + path, {
    method: route.split(' ')[0] ?? 'GET',
    signal: ending.signal,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body }),
  });
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json');
  const code = isProblem ? (await response.json()).code : '';
  ending.abort();
  return { status: response.status, code };
}

const isRefusal = (code: string): boolean => code === 'unauthenticated' || code === 'forbidden';

const guarded = (): { route: string; needed: Permission; shared: string | undefined }[] =>
  server.routes.flatMap(({ method, url, access, shared }) =>
    access === undefined || access === 'public' || access === 'signed' || method === 'HEAD'
      ? []
      : [{ route: `${method} ${url}`, needed: access, shared }],
  );

/** In the order of the samples, in which nothing is ended that is needed afterwards. */
const inOrder = () => {
  const order = Object.keys(routeSamples);
  return guarded().sort((a, b) => order.indexOf(a.route) - order.indexOf(b.route));
};

it('every route has a sample, or is public, or checks a signature', () => {
  expect(
    guarded()
      .map(({ route }) => route)
      .sort(),
  ).toEqual(Object.keys(routeSamples).sort());
  const open = server.routes.filter(({ access, method }) => access === 'public' && method !== 'HEAD');
  const signed = server.routes.filter(({ access }) => access === 'signed');
  expect([...open, ...signed].map(({ method, url }) => `${method} ${url}`).sort()).toEqual(
    Object.keys(openSamples).sort(),
  );
  expect(signed.every(({ url }) => url.includes('/plivo/'))).toBe(true);
});

describe('every route refuses', () => {
  it.each(['nobody', 'revoked', 'expired'] as const)('%s, who has no key that counts', async (who) => {
    for (const { route } of inOrder()) {
      expect({ route, ...(await ask(route, strangers[who])) }).toEqual({ route, status: 401, code: 'unauthenticated' });
    }
  });

  it('a key of another workspace that names something of this one: there is no such thing', async () => {
    for (const { route, needed } of inOrder()) {
      if (!routeSamples[route]?.owned || needed === 'host') continue;
      const { status, code } = await ask(route, keys.other ?? {});
      expect({ route, status, found: code.endsWith('-not-found') }).toEqual({ route, status: 404, found: true });
    }
  });

  it('a share link, wherever the route does not say that it is shared', async () => {
    for (const { route, shared } of inOrder()) {
      const headers = { cookie: share.cookie, origin: server.url };
      const { status, code } = await ask(route, headers, share.path);
      if (!route.includes('/v1/')) expect({ route, status }).toEqual({ route, status: 404 });
      else if (shared === 'campaign' || shared === 'any')
        expect({ route, refused: isRefusal(code) }).toEqual({ route, refused: false });
      else expect({ route, status, code }).toEqual({ route, status: 403, code: 'forbidden' });
    }
  });

  it('a share link that asks for another campaign, and its cookie anywhere else', async () => {
    await server.send('POST', '/v1/campaigns', { id: 'c-hidden', name: 'Hidden' }, keys.mine);
    for (const { route, shared } of guarded().filter(({ shared }) => shared === 'campaign')) {
      const other = { ...owned, campaignId: 'c-hidden' };
      const { path } = fill(route, routeSamples[route] as RouteSample, other);
      const response = await fetch(`${server.url}${share.path}${path}`, { headers: { cookie: share.cookie } });
      expect({ route, shared, status: response.status }).toEqual({ route, shared, status: 404 });
      expect((await ask(route, { cookie: share.cookie })).status).toBe(401);
      expect((await ask(route, {}, share.path)).status).toBe(401);
    }
  });
});

describe('every route lets in a key whose role is enough, and no other', () => {
  const kinds: readonly (readonly [key: string, role: Role, scopes: readonly Permission[] | null])[] = [
    ['viewer', 'viewer', null],
    ['operator', 'operator', null],
    ['ingest', 'operator', ['ingest']],
    ['mine', 'admin', null],
  ];
  it.each(kinds)('%s', async (key, role, scopes) => {
    const permissions = permissionsOf(role, scopes, 'mine');
    for (const { route, needed } of inOrder()) {
      const { status, code } = await ask(route, keys[key] ?? {});
      if (permissions.has(needed)) expect({ route, refused: isRefusal(code) }).toEqual({ route, refused: false });
      else expect({ route, status, code }).toEqual({ route, status: 403, code: 'forbidden' });
    }
  });
});
