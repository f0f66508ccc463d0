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

/** As browsers ask for an address that is opened. */
const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

/** Addresses that lead nowhere, with what they are answered. */
const NOWHERE: readonly (readonly [path: string, status: number])[] = [
  ['/nosuch', 404],
  ['/v1/nosuch', 404],
  ['/assets/nosuch.js', 404],
  ['/s/some/where', 404],
  ['/campaigns/100%', 400],
  ['/campaigns/%E0%A4%A', 400],
  [`/s/${'x'.repeat(300)}`, 400],
];

it('an address that leads nowhere shows a browser the page, and a program the problem', async () => {
  for (const [path, status] of NOWHERE) {
    const page = await fetch(server.url + path, { headers: BROWSER });
    expect([path, page.status, page.headers.get('content-type')]).toEqual([path, status, 'text/html; charset=utf-8']);
    expect(await page.text()).toContain('<div id="root">');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect([page.headers.get('vary'), page.headers.get('x-robots-tag')]).toEqual(['accept', 'noindex, nofollow']);
    const others = [{}, { accept: '*/*' }, { accept: 'application/json' }].map((headers) => ({ headers }));
    for (const request of [...others, { method: 'POST', headers: BROWSER }]) {
      const problem = await fetch(server.url + path, request);
      expect([problem.status, problem.headers.get('content-type')]).toEqual([status, 'application/problem+json']);
    }
  }
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
