import { get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LiveGuards } from '../access/live-guards.ts';
import type { Principal } from '../access/principal.ts';
import { fileSender } from './send-file.ts';

const PIECE = 64 * 1024;
/** Bytes that one file may hold in this process: a piece that is sent, one that waits, and their framing. */
const HELD = 3 * PIECE;

let app: FastifyInstance;
let made: number;
let ended: boolean;
let mostHeld: number;

/** A file without an end. @param response measured before each piece: buffers of the kernel are not the sender's */
async function* endless(response?: ServerResponse): AsyncGenerator<Uint8Array> {
  try {
    for (;;) {
      made += 1;
      mostHeld = Math.max(mostHeld, response?.writableLength ?? 0);
      yield new Uint8Array(PIECE);
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    ended = true;
  }
}

beforeEach(async () => {
  made = 0;
  ended = false;
  mostHeld = 0;
  app = fastify({ forceCloseConnections: 'idle' });
  const sendFile = fileSender(app);
  app.get('/file', (_request, reply) =>
    sendFile(reply, endless(reply.raw), { name: 'a:b/"c.bin', contentType: 'text/csv' }),
  );
  await app.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(() => app.close());

function open(from = app): Promise<IncomingMessage> {
  const { port } = from.server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', path: '/file', agent: false }, resolve).on('error', reject);
  });
}

/** How many pieces were made once no more come. */
async function settled(): Promise<number> {
  let before = -1;
  await expect
    .poll(
      () => {
        const still = made === before;
        before = made;
        return still;
      },
      { interval: 100, timeout: 10_000 },
    )
    .toBe(true);
  return made;
}

it('makes no more than the reader takes', async () => {
  const response = await open();
  expect(response.headers['content-disposition']).toBe('attachment; filename="a_b__c.bin"');
  // It comes to rest although nobody reads: more pieces would have to be held here.
  const first = await settled();
  expect(mostHeld).toBeLessThan(HELD);
  let taken = 0;
  response.on('data', (chunk: Buffer) => {
    taken += chunk.length;
  });
  await expect.poll(() => taken, { timeout: 20_000 }).toBeGreaterThan(2 * first * PIECE);
  response.pause();
  expect(await settled()).toBeGreaterThan(first);
  expect(mostHeld).toBeLessThan(HELD);
  expect(ended).toBe(false);
  response.destroy();
});

it('makes nothing for who asks for its head alone', async () => {
  const { port } = app.server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/file`, { method: 'HEAD' });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/csv']);
  expect(response.headers.get('content-length')).toBeNull();
  expect(await settled()).toBe(0);
});

it('stops for a reader who left', async () => {
  const response = await open();
  await new Promise((resolve) => response.once('data', resolve));
  response.destroy();
  await expect.poll(() => ended).toBe(true);
  const after = made;
  expect(await settled()).toBe(after);
});

it('ends with the server, and what was sent is seen to be incomplete', async () => {
  const response = await open();
  const failed = new Promise((resolve) => response.on('error', resolve));
  response.resume();
  await app.close();
  expect(await failed).toMatchObject({ code: 'ECONNRESET' });
  expect(ended).toBe(true);
});

it('ends when who reads it may not any more', async () => {
  const principal = { bearer: {}, permissions: new Set(), expiresAt: null } as unknown as Principal;
  let still: Principal | null = principal;
  const guards = new LiveGuards({ again: async () => still }, Date.now);
  const guarded = fastify();
  guarded.decorateRequest('principal', null);
  guarded.addHook('onRequest', async (request) => {
    request.principal = principal;
  });
  const sendFile = fileSender(guarded, guards);
  guarded.get('/file', { config: { access: 'read' } }, (_request, reply) =>
    sendFile(reply, endless(), { name: 'calls.csv', contentType: 'text/csv' }),
  );
  await guarded.listen({ port: 0, host: '127.0.0.1' });
  const response = await open(guarded);
  const failed = new Promise((resolve) => response.on('error', resolve));
  response.resume();
  still = null;
  await guards.checkAll();
  expect(await failed).toMatchObject({ code: 'ECONNRESET' });
  await expect.poll(() => ended).toBe(true);
  await guarded.close();
});
