import type { ClientMessage } from '@ringside/protocol';
import { RingsideError } from './errors.ts';
import { readMessage, SPOKEN_PROTOCOL } from './message.ts';
import { subscribeTo, type Topic, unsubscribeFrom } from './topic.ts';
import { type OpenTransport, type Transport, type TransportSink, waitAskedBy } from './transport.ts';

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

/** Passes to connect with. */
export interface Tickets {
  readonly take: () => Promise<string>;
  /** Whether a key that has ended can be replaced by another. */
  readonly canRenew: boolean;
}

/**
 * All topics over one WebSocket.
 * @param tickets `null` where a cookie says who asks
 */
export function webSocketTransport(
  url: string,
  WebSocket: WebSocketConstructor,
  tickets: Tickets | null,
): OpenTransport {
  return (sink) => {
    const transport = new WebSocketTransport(sink, tickets?.canRenew ?? false);
    if (!tickets) transport.attach(new WebSocket(url));
    else transport.attachLater(tickets.take().then((ticket) => () => new WebSocket(`${url}?ticket=${ticket}`)));
    return transport;
  };
}

class WebSocketTransport implements Transport {
  readonly #sink: TransportSink;
  readonly #canRenew: boolean;
  /** Said before the socket was open. */
  readonly #unsent: ClientMessage[] = [];
  #socket: WebSocketLike | null = null;
  #ended = false;

  constructor(sink: TransportSink, canRenew: boolean) {
    this.#sink = sink;
    this.#canRenew = canRenew;
  }

  attach(socket: WebSocketLike): void {
    this.#socket = socket;
    socket.addEventListener('open', () => {
      for (const message of this.#unsent.splice(0)) this.#send(message);
    });
    socket.addEventListener('message', ({ data }) => this.#hear(String(data)));
    socket.addEventListener('error', () => this.#end(() => this.#sink.failed()));
    socket.addEventListener('close', ({ code }) => this.#end(() => this.#tellEnd(code)));
  }

  /** Connects as soon as it is known with what, unless it was closed before. */
  attachLater(ready: Promise<() => WebSocketLike>): void {
    ready
      .then((connect) => {
        if (!this.#ended) this.attach(connect());
      })
      .catch((error: unknown) => {
        const known = error instanceof RingsideError ? error : new RingsideError('unreachable', '');
        if (known.code === 'unauthenticated') this.#end(() => this.#sink.refused());
        else this.#end(() => this.#sink.failed(waitAskedBy(known)));
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
    else this.#end(() => this.#sink.failed());
  }

  #tellEnd(code: number): void {
    // With another key it is somebody else, or the same person anew.
    if (code === ACCESS_CHANGED || (code === ACCESS_ENDED && this.#canRenew)) this.#sink.changed();
    else if (code === ACCESS_ENDED) this.#sink.refused();
    else this.#sink.failed();
  }

  #end(tell: () => void): void {
    if (this.#ended) return;
    this.close();
    tell();
  }
}
