import { ServerMessage } from '@ringside/protocol';
import WebSocket from 'ws';

/** A WebSocket client that checks every message against the schema and keeps them all. */
export class LiveReader {
  readonly messages: ServerMessage[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #socket: WebSocket;
  #wake: (() => void)[] = [];

  constructor(url: string, headers: Record<string, string>, query = '') {
    this.#socket = new WebSocket(`${url.replace('http', 'ws')}/v1/live${query}`, { headers });
    this.#socket.on('message', (data) => {
      this.messages.push(ServerMessage.parse(JSON.parse(String(data))));
      for (const wake of this.#wake.splice(0)) wake();
    });
    this.closed = new Promise((resolve) => {
      this.#socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }));
    });
    this.#socket.on('error', () => {});
  }

  /** The HTTP status with which the server refused the upgrade. */
  refusal(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      this.#socket.on('open', () => reject(new Error('the socket was accepted')));
    });
  }

  async say(message: unknown): Promise<void> {
    if (this.#socket.readyState === WebSocket.CONNECTING)
      await new Promise((resolve) => this.#socket.once('open', resolve));
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Waits for a message, also one that came already. */
  async until<T extends ServerMessage>(wanted: (message: ServerMessage) => message is T): Promise<T>;
  async until(wanted: (message: ServerMessage) => boolean): Promise<ServerMessage>;
  async until(wanted: (message: ServerMessage) => boolean): Promise<ServerMessage> {
    for (;;) {
      const found = this.messages.find(wanted);
      if (found) return found;
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  close(): void {
    this.#socket.terminate();
  }
}
