import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { AnswerReader } from './answer-reader.ts';

/** Of all lines: what is in it is read before the next one fills it. */
const buffer = Buffer.allocUnsafe(64 * 1024);

/** A keep-alive connection for one request at a time, sent when somebody says so. */
export class Line {
  readonly #reader = new AnswerReader();
  readonly #socket: Socket;
  /** Fulfils, too, when it cannot be opened. */
  readonly opened: Promise<unknown>;
  #answered: ((status: number, end: Buffer) => void) | null = null;

  constructor(url: URL, failed: (error: Error) => void) {
    this.#socket = connect({
      host: url.hostname,
      port: Number(url.port),
      noDelay: true,
      onread: { buffer, callback: (size) => this.#read(size, failed) },
    });
    this.opened = Promise.race([once(this.#socket, 'connect'), once(this.#socket, 'close')]).catch(() => {});
    this.#socket.on('error', failed);
    this.#socket.on('close', () => {
      if (this.#answered) failed(new Error('the server closed a connection that waits for an answer'));
    });
  }

  /** @param answered is told the status and the last bytes of the answer, which are there only for now */
  send(request: Buffer, answered: (status: number, end: Buffer) => void): void {
    this.#answered = answered;
    this.#socket.write(request);
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(size: number, failed: (error: Error) => void): boolean {
    try {
      const bytes = buffer.subarray(0, size);
      const status = this.#reader.push(bytes);
      const answered = this.#answered;
      if (status === 0 || !answered) return true;
      this.#answered = null;
      answered(status, bytes);
    } catch (error) {
      failed(error as Error);
    }
    return true;
  }
}
