import { type AddressInfo, connect, type Socket } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EventStream } from './event-stream.ts';
import { LiveText } from './live-text.ts';

/** More than two sockets and the streams at their ends hold. */
const LARGE = new LiveText({ type: 'error', code: 'x'.repeat(16 * 1024 * 1024), detail: '' });
const PONG = new LiveText({ type: 'pong' });

let app: FastifyInstance;
let opened: Promise<EventStream>;
/** What a handler waits for before it opens its stream. */
let before: Promise<void>;
beforeEach(async () => {
  app = fastify({ forceCloseConnections: 'idle' });
  before = Promise.resolve();
  opened = new Promise((resolve) => {
    app.get('/', async (_request, reply) => {
      await before;
      resolve(new EventStream(reply));
      return reply;
    });
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(() => app.close());

function ask(): Socket {
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  return socket;
}

/** When it is released, and what is written to it then. */
function watch(stream: EventStream): { readonly released: Promise<number>; count: () => number } {
  let count = 0;
  const released = new Promise<number>((resolve) => {
    stream.onEnd(() => {
      count += 1;
      stream.write(PONG);
      resolve(stream.backlog);
    });
  });
  return { released, count: () => count };
}

it('is released once before it ends, and ignores what is written to it afterwards', async () => {
  const socket = ask();
  let text = '';
  socket.on('data', (piece) => {
    text += piece;
  });
  const stream = await opened;
  const { released, count } = watch(stream);
  stream.write(PONG);
  stream.end();
  await released;
  stream.write(PONG);
  stream.end();
  await expect.poll(() => text).toContain('\r\n0\r\n\r\n');
  expect(text.match(/event: pong/g)).toHaveLength(1);
  expect([count(), stream.isOpen]).toEqual([1, false]);
  let late = 0;
  stream.onEnd(() => {
    late += 1;
  });
  expect(late).toBe(1);
  socket.destroy();
});

it('takes the connection from a reader that does not take its end', async () => {
  const closed = new Promise((resolve) => app.server.once('connection', (socket) => socket.once('close', resolve)));
  const socket = ask();
  const stream = await opened;
  socket.pause();
  stream.write(LARGE);
  stream.end();
  expect(stream.backlog).toBeGreaterThan(0);
  await closed;
  socket.destroy();
});

it('is released when its reader leaves', async () => {
  const socket = ask();
  const { released, count } = watch(await opened);
  socket.destroy();
  await released;
  expect(count()).toBe(1);
});

it('never opens for a reader that left while something was looked up', async () => {
  let begin = (): void => {};
  before = new Promise((resolve) => {
    begin = resolve;
  });
  const closed = new Promise((resolve) => app.server.once('connection', (socket) => socket.once('close', resolve)));
  const socket = ask();
  socket.once('connect', () => setImmediate(() => socket.destroy()));
  await closed;
  begin();
  const stream = await Promise.race([opened, new Promise((resolve) => setTimeout(resolve, 500))]);
  if (!(stream instanceof EventStream)) return;
  expect(stream.isOpen).toBe(false);
  stream.write(PONG);
});
