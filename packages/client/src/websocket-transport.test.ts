import { expect, test } from 'vitest';
import { type WebSocketLike, webSocketTransport } from './websocket-transport.ts';

type Listener = (event: { data: unknown }) => void;

/** A socket that is moved by hand. */
class FakeSocket implements WebSocketLike {
  static last: FakeSocket;
  readyState = 0;
  readonly sent: unknown[] = [];
  closed = false;
  readonly headers: Record<string, string>;
  readonly #listeners = new Map<string, Listener>();

  constructor(_url: string, _protocols: string[], { headers }: { headers: Record<string, string> }) {
    this.headers = headers;
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

  happen(type: string, data?: unknown): void {
    if (type === 'open') this.readyState = 1;
    this.#listeners.get(type)?.({ data: JSON.stringify(data) });
  }
}

function open() {
  const heard: string[] = [];
  const note = (word: string) => () => void heard.push(word);
  const transport = webSocketTransport(
    'ws://x/v1/live',
    { authorization: 'Bearer k' },
    FakeSocket,
  )({
    opened: (heartbeatMs) => void heard.push(`opened ${heartbeatMs}`),
    message: ({ type }) => void heard.push(type),
    alive: note('alive'),
    failed: note('failed'),
    refused: note('refused'),
  });
  return { transport, socket: FakeSocket.last, heard };
}

test('says what it follows once it is open, with the key in its headers', () => {
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
  expect(socket.headers).toEqual({ authorization: 'Bearer k' });
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
