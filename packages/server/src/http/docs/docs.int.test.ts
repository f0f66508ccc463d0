import { errorCatalogue } from '@ringside/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestServer, testServer } from '../../testing/running-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

it('describes every route as OpenAPI 3.1, and on a page that people can read', async () => {
  const document = (await (await server.get('/openapi.json', { authorization: '' })).json()) as {
    openapi: string;
    paths: object;
  };
  expect(document.openapi).toBe('3.1.0');
  const page = await (await server.get('/docs', { authorization: '' })).text();
  for (const path of Object.keys(document.paths)) expect(page).toContain(`<code>${path}</code>`);
  for (const code of Object.keys(errorCatalogue)) expect(page).toContain(`id="error-${code}"`);
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining([
      '/v1/events',
      '/v1/campaigns/{id}/report',
      '/plivo/hangup-url',
      '/plivo/current-campaign-report',
    ]),
  );
});

it.each(['/openapi.json', '/docs', '/docs/style.css'])(
  '%s is written once, and an unchanged one costs a 304',
  async (path) => {
    const first = await server.get(path, { authorization: '' });
    const etag = first.headers.get('etag') ?? '';
    expect([first.status, first.headers.get('cache-control')]).toEqual([200, 'no-cache']);
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    const again = await server.get(path, { authorization: '', 'if-none-match': etag });
    expect([again.status, await again.text()]).toEqual([304, '']);
    const other = await server.get(path, { authorization: '', 'if-none-match': '"other"' });
    expect([other.status, other.headers.get('etag')]).toEqual([200, etag]);
  },
);
