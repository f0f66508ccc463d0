import type { ClientMessage } from '@ringside/protocol';
import { readMessage, SPOKEN_PROTOCOL } from './message.ts';
import { subscribeTo, type Topic, unsubscribeFrom } from './topic.ts';
import type { OpenTransport, Transport, TransportSink } from './transport.ts';

/** As much of a WebSocket as is used: the browser’s, Node’s, or that of `ws`. */
export interface WebSocketLike {
  readonly readyState: number;
  send(text: string): void;
  close(code?: number): void;
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

/** A constructor that takes headers as its third argument, as that of `ws` does; browsers ignore them. */
export type WebSocketConstructor = new (
  url: string,
  protocols: string[],
  options: { readonly headers: Record<string, string> },
) => WebSocketLike;

const OPEN = 1;

/** All topics over one WebSocket. */
export function webSocketTransport(
  url: string,
  headers: Record<string, string>,
  WebSocket: WebSocketConstructor,
): OpenTransport {
  return (sink) => {
    const socket = new WebSocket(url, [], { headers });
    return new WebSocketTransport(socket, sink);
  };
}

class WebSocketTransport implements Transport {
  readonly #socket: WebSocketLike;
  readonly #sink: TransportSink;
  /** Said before the socket was open. */
  readonly #unsent: ClientMessage[] = [];
  #ended = false;

  constructor(socket: WebSocketLike, sink: TransportSink) {
    this.#socket = socket;
    this.#sink = sink;
    socket.addEventListener('open', () => {
      for (const message of this.#unsent.splice(0)) this.#send(message);
    });
    socket.addEventListener('message', ({ data }) => this.#hear(String(data)));
    socket.addEventListener('error', () => this.#fail());
    socket.addEventListener('close', () => this.#fail());
  }

  follow(topic: Topic): void {
    this.#send(subscribeTo(topic));
  }

  unfollow(topic: Topic): void {
    this.#send(unsubscribeFrom(topic));
  }

  close(): void {
    this.#ended = true;
    this.#socket.close();
  }

  #send(message: ClientMessage): void {
    if (this.#socket.readyState === OPEN) this.#socket.send(JSON.stringify(message));
    else this.#unsent.push(message);
  }

  #hear(text: string): void {
    if (this.#ended) return;
    const message = readMessage(text);
    if (!message) return;
    if (message.type !== 'hello') return this.#sink.message(message);
    if (message.protocol === SPOKEN_PROTOCOL) this.#sink.opened(message.heartbeatMs);
    else this.#fail();
  }

  #fail(): void {
    if (this.#ended) return;
    this.close();
    this.#sink.failed();
  }
}
