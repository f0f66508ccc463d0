import { afterAll, beforeAll, expect, it } from 'vitest';
import { KEY, type TestServer, testServer } from '../testing/running-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer({ TRUST_PROXY: 'true' });
  await server.send('POST', '/v1/campaigns', { id: 'c-1', name: 'One' });
});
afterAll(() => server.stop());

it('what only some may see is kept by nobody on the way', async () => {
  const shown = server.routes.filter(
    ({ method, access }) => method === 'GET' && access !== 'public' && access !== 'signed',
  );
  for (const { url } of shown) {
    const stop = new AbortController();
    const path = url.replace(':id', 'c-1').replace(/:\w+/g, 'default');
    const { headers } = await fetch(server.url + path, {
      headers: { authorization: `Bearer ${KEY}` },
      signal: stop.signal,
    });
    stop.abort();
    expect(headers.get('cache-control'), path).toMatch(/^(?:no-store|private, no-cache)$/);
  }
});

it('a cookie is for encrypted connections where a trusted proxy says that this is one', async () => {
  const begin = async (headers: Record<string, string>) =>
    (await server.send('POST', '/v1/session', { key: KEY }, { authorization: '', ...headers })).headers.get(
      'set-cookie',
    );
  expect(await begin({})).not.toContain('Secure');
  expect(await begin({ 'x-forwarded-proto': 'https' })).toMatch(/; Secure$/);
});

it('a text is nobody’s address in the audit log', async () => {
  const create = (id: string, forwarded: string) =>
    server.send('POST', '/v1/campaigns', { id, name: 'One' }, { 'x-forwarded-for': forwarded });
  await create('c-2', '=cmd, a person we know');
  await create('c-3', 'text, 203.0.113.7');
  const { items } = await (await server.get('/v1/audit')).json();
  expect(items.map(({ address }: { address: string }) => address)).toEqual(
    expect.arrayContaining(['127.0.0.1', '203.0.113.7']),
  );
  expect(JSON.stringify(items)).not.toMatch(/person|text/);
});

it('no way through the assets leads to the page without its headers', async () => {
  for (const path of ['/assets/..%2findex.html', '/assets/%2e%2e%2findex.html', '/assets/x/..%2f..%2findex.html'])
    expect((await fetch(server.url + path)).status, path).toBe(404);
});
