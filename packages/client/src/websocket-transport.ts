import type { ClientMessage } from '@ringside/protocol';
import { RingsideError } from './errors.ts';
import { readMessage, SPOKEN_PROTOCOL } from './message.ts';
import { subscribeTo, type Topic, unsubscribeFrom } from './topic.ts';
import type { OpenTransport, Transport, TransportSink } from './transport.ts';

/** As much of a WebSocket as is used: the browser’s, Node’s, or that of `ws`. */
export interface WebSocketLike {
  readonly readyState: number;
  send(text: string): void;
  close(code?: number): void;
  addEventListener(type: 'open' | 'error', listener: () => void): void;
  addEventListener(type: 'close', listener: (event: { readonly code: number }) => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

export type WebSocketConstructor = new (url: string) => WebSocketLike;

const OPEN = 1;
/** How the server closes a connection whose owner may no longer look, or may see something else from now on. */
const ACCESS_ENDED = 4401;
const ACCESS_CHANGED = 4409;

/**
 * All topics over one WebSocket.
 * @param takeTicket asks for a pass to connect with; `null` where a cookie says who asks
 */
export function webSocketTransport(
  url: string,
  WebSocket: WebSocketConstructor,
  takeTicket: (() => Promise<string>) | null,
): OpenTransport {
  return (sink) => {
    const transport = new WebSocketTransport(sink);
    if (!takeTicket) transport.attach(new WebSocket(url));
    else transport.attachLater(takeTicket().then((ticket) => () => new WebSocket(`${url}?ticket=${ticket}`)));
    return transport;
  };
}

class WebSocketTransport implements Transport {
  readonly #sink: TransportSink;
  /** Said before the socket was open. */
  readonly #unsent: ClientMessage[] = [];
  #socket: WebSocketLike | null = null;
  #ended = false;

  constructor(sink: TransportSink) {
    this.#sink = sink;
  }

  attach(socket: WebSocketLike): void {
    this.#socket = socket;
    socket.addEventListener('open', () => {
      for (const message of this.#unsent.splice(0)) this.#send(message);
    });
    socket.addEventListener('message', ({ data }) => this.#hear(String(data)));
    socket.addEventListener('error', () => this.#end('failed'));
    socket.addEventListener('close', ({ code }) => this.#end(endOf(code)));
  }

  /** Connects as soon as it is known with what, unless it was closed before. */
  attachLater(ready: Promise<() => WebSocketLike>): void {
    ready
      .then((connect) => {
        if (!this.#ended) this.attach(connect());
      })
      .catch((error: unknown) => {
        const isRefused = error instanceof RingsideError && error.code === 'unauthenticated';
        this.#end(isRefused ? 'refused' : 'failed');
      });
  }

  follow(topic: Topic): void {
    this.#send(subscribeTo(topic));
  }

  unfollow(topic: Topic): void {
    this.#send(unsubscribeFrom(topic));
  }

  close(): void {
    this.#ended = true;
    this.#socket?.close();
  }

  #send(message: ClientMessage): void {
    if (this.#socket?.readyState === OPEN) this.#socket.send(JSON.stringify(message));
    else this.#unsent.push(message);
  }

  #hear(text: string): void {
    if (this.#ended) return;
    const message = readMessage(text);
    if (!message) return;
    if (message.type !== 'hello') return this.#sink.message(message);
    if (message.protocol === SPOKEN_PROTOCOL) this.#sink.opened(message.heartbeatMs);
    else this.#end('failed');
  }

  #end(how: 'failed' | 'refused' | 'changed'): void {
    if (this.#ended) return;
    this.close();
    this.#sink[how]();
  }
}

function endOf(code: number): 'failed' | 'refused' | 'changed' {
  if (code === ACCESS_ENDED) return 'refused';
  return code === ACCESS_CHANGED ? 'changed' : 'failed';
}
