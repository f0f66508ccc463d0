import { get, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LiveGuards } from '../access/live-guards.ts';
import type { Principal } from '../access/principal.ts';
import { handleInTurn } from './in-turn.ts';
import { installProblems } from './problems.ts';
import { FileSender } from './send-file.ts';
import { WatchedAccess } from './watched-access.ts';

const PIECE = 64 * 1024;
/** Bytes that one file may hold in this process: a piece that is sent, one that waits, and their framing. */
const HELD = 3 * PIECE;

const principal = { bearer: {}, permissions: new Set(), expiresAt: null } as unknown as Principal;

let app: FastifyInstance;
let guards: LiveGuards;
/** Who the key is of now. */
let still: Principal | null;
/** What a request waits for before its file begins. */
let before: Promise<void>;
let made: number;
let ended: boolean;
let mostHeld: number;
let released: number;

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
  released = 0;
  still = principal;
  before = Promise.resolve();
  guards = new LiveGuards({ again: async () => still }, Date.now);
  app = fastify({ forceCloseConnections: 'idle' });
  handleInTurn(app);
  installProblems(app, { unrouted: () => {} });
  app.decorateRequest('watchedAccess', null);
  app.addHook('onRequest', async (request, reply) => {
    request.watchedAccess = new WatchedAccess(guards, principal, reply);
  });
  const files = new FileSender(app);
  app.get('/file', { config: { access: 'read' } }, async (_request, reply) => {
    await before;
    const release = (): void => {
      released += 1;
    };
    return files.send(reply, endless(reply.raw), { name: 'a:b/"c.bin', contentType: 'text/csv' }, release);
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(() => app.close());

function open(): Promise<IncomingMessage> {
  const { port } = app.server.address() as AddressInfo;
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
  const response = await open();
  const failed = new Promise((resolve) => response.on('error', resolve));
  response.resume();
  still = null;
  await guards.checkAll();
  expect(await failed).toMatchObject({ code: 'ECONNRESET' });
  await expect.poll(() => ended).toBe(true);
});

it('is refused with 401 when access ends before its first byte, and leaves nothing behind', async () => {
  let begin = (): void => {};
  before = new Promise((resolve) => {
    begin = resolve;
  });
  const opening = open();
  await expect.poll(() => guards.size).toBe(1);
  still = null;
  await guards.checkAll();
  begin();
  const response = await opening;
  expect(response.statusCode).toBe(401);
  expect(response.headers['content-disposition']).toBeUndefined();
  response.resume();
  await new Promise((resolve) => response.on('end', resolve));
  await expect.poll(() => [guards.size, released]).toEqual([0, 1]);
});

it('does not begin while its connection is another response’s, and leaves nothing behind when that closes', async () => {
  const { port } = app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  const first = new Promise((resolve) => socket.once('data', resolve));
  const request = 'GET /file HTTP/1.1\r\nHost: x\r\n\r\n';
  socket.write(request.repeat(20));
  await first;
  expect(guards.size).toBe(1);
  socket.destroy();
  await expect.poll(() => [guards.size, released]).toEqual([0, 1]);
});

it('does not begin for a client that left while it was looked up', async () => {
  let begin = (): void => {};
  before = new Promise((resolve) => {
    begin = resolve;
  });
  const { port } = app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  socket.write('GET /file HTTP/1.1\r\nHost: x\r\n\r\n');
  await expect.poll(() => guards.size).toBe(1);
  socket.destroy();
  await expect.poll(() => guards.size).toBe(0);
  begin();
  await expect.poll(() => released).toBe(1);
  expect(made).toBe(0);
});

it('a connection that sends more than a hundred requests ahead is closed', async () => {
  const { port } = app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write('GET /file HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(102));
  await closed;
  await expect.poll(() => [guards.size, released]).toEqual([0, 1]);
});
