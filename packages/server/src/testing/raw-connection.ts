import net from 'node:net';

/** A request as it goes onto a connection. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const LONGEST_KEPT = 64 * 1024;

/** One connection to the server, byte by byte; no client library corrects what is sent. */
export class RawConnection {
  readonly socket: net.Socket;
  readonly closed: Promise<void>;
  /** Fulfils with the first byte, or the end. */
  readonly answered: Promise<void>;
  #text = '';
  #wake: (() => void)[] = [];

  constructor(base: string) {
    const { hostname, port } = new URL(base);
    this.socket = net.connect(Number(port), hostname);
    this.socket.on('error', () => {});
    this.socket.setEncoding('latin1');
    this.socket.on('data', (text: string) => {
      if (this.#text.length < LONGEST_KEPT) this.#text += text;
      for (const wake of this.#wake.splice(0)) wake();
    });
    this.closed = new Promise((resolve) => this.socket.once('close', () => resolve()));
    this.answered = Promise.race([new Promise<void>((resolve) => this.#wake.push(resolve)), this.closed]);
  }

  /** Fulfils when the text has come, or the connection has closed. */
  async until(text: string): Promise<void> {
    let isClosed = false;
    const end = this.closed.then(() => {
      isClosed = true;
    });
    while (!this.#text.includes(text) && !isClosed)
      await Promise.race([new Promise<void>((resolve) => this.#wake.push(resolve)), end]);
  }

  /** Statuses of the answers so far. */
  get statuses(): number[] {
    return [...this.#text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  }
}

/** The bytes of a request. @param length what it says of its body's length, for one that does not send all of it */
export function bytesOf({ method, path, headers, body }: RawRequest, length = body.length): Buffer {
  const lines = Object.entries({ host: 'x', ...headers }).map(([name, value]) => `${name}: ${value}`);
  const sized = method === 'GET' || method === 'HEAD' ? [] : [`content-length: ${length}`];
  return Buffer.concat([
    Buffer.from(`${[`${method} ${path} HTTP/1.1`, ...lines, ...sized].join('\r\n')}\r\n\r\n`),
    body,
  ]);
}
