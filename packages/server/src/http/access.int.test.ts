import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KEY, type TestServer, testServer } from '../testing/running-server.ts';

const HOST_PAGE = 'https://host.example';

let server: TestServer;
beforeAll(async () => {
  server = await testServer({ ALLOWED_ORIGINS: HOST_PAGE });
});
afterAll(() => server.stop());

async function signIn(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return server.send('POST', '/v1/session', body, { authorization: '', ...headers });
}

const cookieOf = (response: Response): string => response.headers.get('set-cookie')?.split(';', 1)[0] ?? '';

describe('a session', () => {
  it('is started with a key, kept in a cookie that scripts cannot read, and ended', async () => {
    const response = await signIn({ key: KEY });
    expect(response.status).toBe(204);
    expect(response.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict/);
    const cookie = cookieOf(response);
    const who = await fetch(`${server.url}/v1/session`, { headers: { cookie } });
    expect(await who.json()).toMatchObject({ workspace: 'default', role: 'admin', share: null });
    const out = await fetch(`${server.url}/v1/session`, { method: 'DELETE', headers: { cookie, origin: server.url } });
    expect(out.status).toBe(204);
    expect((await fetch(`${server.url}/v1/session`, { headers: { cookie } })).status).toBe(401);
  });

  it('is started once with the printed link', async () => {
    const token = new URL((await server.welcome).signInUrl).hash.replace('#token=', '');
    expect((await signIn({ token })).status).toBe(204);
    expect((await signIn({ token })).status).toBe(401);
  });

  it('is refused to a wrong key, a wrong token, and a body of other shape', async () => {
    expect((await signIn({ key: 'wrong' })).status).toBe(401);
    expect((await signIn({ token: 'wrong' })).status).toBe(401);
    expect((await signIn({ key: KEY, extra: 1 })).status).toBe(400);
  });

  it('changes nothing for a page of another origin, or one that hides its origin', async () => {
    const cookie = cookieOf(await signIn({ key: KEY }));
    expect(await create(cookie, {})).toBe(403);
    expect(await create(cookie, { origin: 'https://evil.example' })).toBe(403);
    expect(await create(cookie, { origin: server.url })).toBe(201);
    expect(await create(cookie, { origin: HOST_PAGE })).toBe(200);
    expect(await create(cookie, { origin: server.url, authorization: 'Bearer wrong' })).toBe(401);
  });
});

async function create(cookie: string, headers: Record<string, string>): Promise<number> {
  const response = await fetch(`${server.url}/v1/campaigns`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie, ...headers },
    body: JSON.stringify({ id: 'csrf', name: 'x' }),
  });
  return response.status;
}

describe('another origin', () => {
  it('may read when it is allowed, and only then', async () => {
    const allowed = await server.get('/v1/campaigns', { origin: HOST_PAGE });
    expect(allowed.headers.get('access-control-allow-origin')).toBe(HOST_PAGE);
    const foreign = await server.get('/v1/campaigns', { origin: 'https://evil.example' });
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('is answered when it asks beforehand', async () => {
    const ask = (origin: string) =>
      fetch(`${server.url}/v1/campaigns`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    expect((await ask(HOST_PAGE)).headers.get('access-control-allow-methods')).toContain('POST');
    expect((await ask('https://evil.example')).status).toBe(403);
  });
});
