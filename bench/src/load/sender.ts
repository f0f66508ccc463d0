import { connect, type Socket } from 'node:net';
import { AnswerReader } from './answer-reader.ts';

const READ_BUFFER = 64 * 1024;

export interface SenderHooks {
  /** The next request, or `null` when there is nothing more to send. */
  readonly next: () => Buffer | null;
  /** A whole answer came, `ms` after its request was written. @param end the last bytes of it, only for now */
  readonly answered: (status: number, ms: number, end: Buffer) => void;
  readonly ended: () => void;
  readonly failed: (error: Error) => void;
}

/**
 * One keep-alive connection that always has one request under way. Node's own HTTP client costs several times as much
 * as this, and on a machine of two cores the generator takes from what it measures.
 */
export class Sender {
  readonly #hooks: SenderHooks;
  readonly #reader = new AnswerReader();
  readonly #socket: Socket;
  readonly #buffer = Buffer.allocUnsafe(READ_BUFFER);
  #sentAt = 0;
  #waits = false;

  constructor(url: URL, hooks: SenderHooks, opened: () => void) {
    this.#hooks = hooks;
    this.#socket = connect({
      host: url.hostname,
      port: Number(url.port),
      noDelay: true,
      onread: { buffer: this.#buffer, callback: (size) => this.#read(size) },
    });
    this.#socket.once('connect', opened);
    this.#socket.on('error', hooks.failed);
    this.#socket.on('close', () => {
      if (this.#waits) hooks.failed(new Error('the server closed a connection that waits for an answer'));
    });
  }

  /** Sends the first request, or the next one. */
  send(): void {
    const request = this.#hooks.next();
    this.#waits = request !== null;
    if (request === null) {
      this.#socket.end();
      this.#hooks.ended();
      return;
    }
    this.#sentAt = performance.now();
    this.#socket.write(request);
  }

  #read(size: number): boolean {
    try {
      const bytes = this.#buffer.subarray(0, size);
      const status = this.#reader.push(bytes);
      if (status === 0) return true;
      this.#hooks.answered(status, performance.now() - this.#sentAt, bytes);
      this.send();
    } catch (error) {
      this.#socket.destroy();
      this.#hooks.failed(error as Error);
    }
    return true;
  }
}
