import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import fastify from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { leaveUnread } from './list-desk.ts';
import { SlowSenders } from './slow-senders.ts';

const PATIENCE_MS = 200;

const app = fastify({
  requestTimeout: PATIENCE_MS,
  http: { headersTimeout: PATIENCE_MS, connectionsCheckingInterval: 20 },
});
beforeAll(async () => {
  const slow = new SlowSenders(app);
  leaveUnread(app, ['text/csv']);
  for (const path of ['/list', '/other']) {
    app.post(path, async (request) => {
      const forget = path === '/list' ? slow.allow(request.raw.socket) : () => {};
      let bytes = 0;
      for await (const piece of request.raw) bytes += piece.length;
      forget();
      return { bytes };
    });
  }
  await app.listen({ port: 0 });
});
afterAll(() => app.close());

/** Sends a byte at a time, for longer than a request may take. */
async function sendSlowly(path: string): Promise<number | undefined> {
  const { port } = app.server.address() as AddressInfo;
  const headers = { 'content-type': 'text/csv', 'content-length': 11 };
  const asking = httpRequest({ port, path, method: 'POST', headers });
  const status = new Promise<number | undefined>((resolve) => {
    asking.on('response', (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asking.on('error', () => resolve(undefined));
  });
  for (let n = 0; n < 11 && !asking.destroyed; n += 1) {
    asking.write('x');
    await sleep(PATIENCE_MS / 4);
  }
  asking.end();
  return status;
}

it('a list may come for longer than other requests, and only a list', async () => {
  expect(await sendSlowly('/list')).toBe(200);
  expect(await sendSlowly('/other')).toBe(408);
});
