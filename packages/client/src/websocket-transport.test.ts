import { expect, test } from 'vitest';
import { RingsideError } from './errors.ts';
import { type WebSocketLike, webSocketTransport } from './websocket-transport.ts';

type Listener = (event: { data: unknown; code: number }) => void;

/** A socket that is moved by hand. */
class FakeSocket implements WebSocketLike {
  static last: FakeSocket;
  readyState = 0;
  readonly sent: unknown[] = [];
  closed = false;
  readonly url: string;
  readonly #listeners = new Map<string, Listener>();

  constructor(url: string) {
    this.url = url;
    FakeSocket.last = this;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.closed = true;
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, listener);
  }

  happen(type: string, data?: unknown, code = 1006): void {
    if (type === 'open') this.readyState = 1;
    this.#listeners.get(type)?.({ data: JSON.stringify(data), code });
  }
}

function open(take: (() => Promise<string>) | null = null, canRenew = false) {
  const heard: string[] = [];
  const note = (word: string) => () => void heard.push(word);
  const transport = webSocketTransport(
    'ws://x/v1/live',
    FakeSocket,
    take && { take, canRenew },
  )({
    opened: (heartbeatMs) => void heard.push(`opened ${heartbeatMs}`),
    message: ({ type }) => void heard.push(type),
    alive: note('alive'),
    failed: (retryAfterMs = 0) => void heard.push(retryAfterMs > 0 ? `failed for ${retryAfterMs}` : 'failed'),
    refused: note('refused'),
    changed: note('changed'),
  });
  return { transport, socket: FakeSocket.last, heard };
}

test('says what it follows once it is open', () => {
  const { transport, socket } = open();
  transport.follow({ kind: 'campaign', campaignId: 'c-1' });
  expect(socket.sent).toEqual([]);
  socket.happen('open');
  transport.follow({ kind: 'overview' });
  transport.unfollow({ kind: 'overview' });
  expect(socket.sent).toEqual([
    { type: 'subscribe', campaignId: 'c-1' },
    { type: 'subscribe', overview: true },
    { type: 'unsubscribe', overview: true },
  ]);
});

test.each([
  [4401, 'refused'],
  [4409, 'changed'],
  [1001, 'failed'],
])('closed with %i it has %s', (code, word) => {
  const { socket, heard } = open();
  socket.happen('open');
  socket.happen('close', undefined, code);
  expect(heard).toEqual([word]);
});

test('connects with a ticket where one is asked for, and says then what it follows', async () => {
  const { transport } = open(async () => 'a-ticket');
  transport.follow({ kind: 'overview' });
  await Promise.resolve().then(() => {});
  expect(FakeSocket.last.url).toBe('ws://x/v1/live?ticket=a-ticket');
  FakeSocket.last.happen('open');
  expect(FakeSocket.last.sent).toEqual([{ type: 'subscribe', overview: true }]);
});

test('a ticket that is refused is a refusal, one that cannot be had a failure', async () => {
  const refused = open(() => Promise.reject(new RingsideError('unauthenticated', 'no', { status: 401 })));
  const failed = open(() => Promise.reject(new RingsideError('unreachable', 'no')));
  await expect.poll(() => [refused.heard, failed.heard]).toEqual([['refused'], ['failed']]);
});

test('an access that has ended is another’s where the key can be renewed', async () => {
  const { heard } = open(async () => 'a-ticket', true);
  await Promise.resolve().then(() => {});
  FakeSocket.last.happen('open');
  FakeSocket.last.happen('close', undefined, 4401);
  expect(heard).toEqual(['changed']);
});

test('waits before the next try as the server asks, unless the next way needs no connection', async () => {
  const refusedWith = (code: string) =>
    open(() => Promise.reject(new RingsideError(code, 'no', { status: 429, retryAfterMs: 7_000 })));
  const [often, many] = [refusedWith('too-many-requests'), refusedWith('too-many-connections')];
  await expect.poll(() => [often.heard, many.heard]).toEqual([['failed for 7000'], ['failed']]);
});

test('a ticket that comes after the end opens nothing', async () => {
  const before = FakeSocket.last;
  const { transport, heard } = open(async () => 'late');
  transport.close();
  await new Promise((resolve) => setImmediate(resolve));
  expect(FakeSocket.last).toBe(before);
  expect(heard).toEqual([]);
});

test('tells of hello, of messages, and of the end, once', () => {
  const { socket, heard } = open();
  socket.happen('open');
  socket.happen('message', { type: 'hello', protocol: 1, epoch: 'e', heartbeatMs: 15_000 });
  socket.happen('message', { type: 'pong' });
  socket.happen('message', 'not a message');
  socket.happen('error');
  socket.happen('close');
  expect(heard).toEqual(['opened 15000', 'pong', 'failed']);
});

test('a protocol that it does not speak is a failure', () => {
  const { socket, heard } = open();
  socket.happen('open');
  socket.happen('message', { type: 'hello', protocol: 2, epoch: 'e', heartbeatMs: 15_000 });
  expect(heard).toEqual(['failed']);
  expect(socket.closed).toBe(true);
});

test('after its own close it says nothing', () => {
  const { transport, socket, heard } = open();
  transport.close();
  socket.happen('close');
  expect(heard).toEqual([]);
});
