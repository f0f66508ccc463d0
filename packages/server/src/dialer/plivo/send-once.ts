import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { SendGuard } from '../call-provider.ts';

/** One request, whole. */
export interface OneRequest {
  readonly method: 'POST' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came of sending once. `not-sent`: not one byte of it left this process. */
export type Sent =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly retryAfter: string | null;
      /** What the clock of whoever answered showed, as it said. */
      readonly date: string | null;
      readonly text: string;
    }
  | { readonly kind: 'not-sent' | 'in-doubt'; readonly why: string };

/** An answer is a few hundred bytes; what is longer is not Plivo's. */
const MOST_BYTES = 64 * 1024;
/** Shorter than servers keep an idle connection: one that is being closed while a request is written leaves it in doubt. */
const IDLE_MS = 3_000;

/** Connections of one account, kept open between requests. */
export class Connections {
  readonly #http = new HttpAgent({ keepAlive: true, timeout: IDLE_MS, noDelay: true });
  readonly #https = new HttpsAgent({ keepAlive: true, timeout: IDLE_MS, noDelay: true });

  /**
   * Sends a request exactly once or not at all. It is written by one synchronous act, after the connection stands and
   * right after the guard agreed; whatever goes wrong from then on leaves it in doubt. Never rejects.
   */
  send({ method, url, headers, body }: OneRequest, { maySend, signal }: SendGuard): Promise<Sent> {
    const isSecure = url.startsWith('https:');
    const all = { ...headers, 'content-length': String(Buffer.byteLength(body)) };
    return new Promise((resolve) => {
      let isWritten = false;
      const failed = (why: string): void => resolve({ kind: isWritten ? 'in-doubt' : 'not-sent', why });
      const outgoing = isSecure
        ? requestHttps(url, { method, headers: all, agent: this.#https, signal })
        : requestHttp(url, { method, headers: all, agent: this.#http, signal });
      const write = (socket: Socket): void => {
        if (outgoing.destroyed) return;
        if (!socket.writable || !maySend()) {
          failed('it was not to be sent any more');
          outgoing.destroy();
          return;
        }
        isWritten = true;
        outgoing.end(body);
      };
      outgoing.on('error', (error) => failed(reasonOf(error, isWritten)));
      outgoing.on('socket', (socket) => whenReady(socket, () => write(socket)));
      outgoing.on('response', (response) => readAnswer(response, resolve));
    });
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}

function whenReady(socket: Socket, ready: () => void): void {
  const { secureConnecting = false } = socket as TLSSocket & { readonly secureConnecting?: boolean };
  if (!socket.connecting && !secureConnecting) ready();
  else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', ready);
}

function readAnswer(response: IncomingMessage, resolve: (sent: Sent) => void): void {
  const pieces: Buffer[] = [];
  let bytes = 0;
  const lost = (): void => resolve({ kind: 'in-doubt', why: 'its answer broke off' });
  response.on('data', (piece: Buffer) => {
    bytes += piece.length;
    pieces.push(piece);
    if (bytes > MOST_BYTES) response.destroy();
  });
  response.on('error', lost);
  response.on('close', lost);
  response.on('end', () => {
    const { statusCode: status = 0, headers } = response;
    resolve({
      ...{ kind: 'answered', status, retryAfter: headers['retry-after'] ?? null },
      date: headers.date ?? null,
      text: Buffer.concat(pieces).toString(),
    });
  });
}

function reasonOf(error: NodeJS.ErrnoException, isWritten: boolean): string {
  if (error.name === 'AbortError') return isWritten ? 'no answer came in time' : 'there was no connection in time';
  return isWritten
    ? `the connection ended without an answer (${error.code ?? error.name})`
    : `there is no connection (${error.code ?? error.name})`;
}
