import http from 'node:http';
import https from 'node:https';
import { createLimiter, type Limiter } from './limiter.ts';

export interface HttpRequest {
  readonly method: 'POST' | 'GET';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How long a request may take, in milliseconds: to connect, and then to be answered. */
export interface Patience {
  readonly connectMs: number;
  readonly readMs: number;
}

/** What came of one request. `ct`: no connection was made. `rt`: one was, but no whole answer came. */
export type Reply =
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  | { readonly kind: 'ct' | 'rt'; readonly message: string };

/** Sends requests over kept-alive connections. */
export interface HttpClient {
  readonly send: (request: HttpRequest, patience: Patience) => Promise<Reply>;
  /** Resolves when fewer than `most` requests wait for a connection. */
  readonly room: Limiter['room'];
  readonly close: () => void;
}

/** @param connections how many requests may be under way at once; the others wait their turn */
export function createHttpClient(connections: number): HttpClient {
  const options = { keepAlive: true, maxSockets: connections };
  const plain = { request: http.request, agent: new http.Agent(options) };
  const secure = { request: https.request, agent: new https.Agent(options) };
  const limiter = createLimiter(connections);

  async function send(request: HttpRequest, patience: Patience): Promise<Reply> {
    const { reply, stale } = await once(request, patience);
    // A server may close an idle connection just as we write to it; no sender counts that as a failed delivery.
    return stale ? (await once(request, patience)).reply : reply;
  }

  function once(request: HttpRequest, patience: Patience): Promise<{ reply: Reply; stale: boolean }> {
    const transport = request.url.startsWith('https:') ? secure : plain;
    return exchange(transport.request, transport.agent, request, patience);
  }

  return {
    send: (request, patience) => limiter.run(() => send(request, patience)),
    room: limiter.room,
    close: () => {
      plain.agent.destroy();
      secure.agent.destroy();
    },
  };
}

function exchange(
  open: typeof http.request,
  agent: http.Agent,
  { method, url, headers, body }: HttpRequest,
  { connectMs, readMs }: Patience,
): Promise<{ reply: Reply; stale: boolean }> {
  return new Promise((resolve) => {
    let connected = false;
    const bytes = Buffer.from(body);
    const length = method === 'POST' ? { 'content-length': String(bytes.length) } : {};
    const outgoing = open(url, { method, agent, headers: { ...headers, ...length } });
    let timer = setTimeout(() => outgoing.destroy(new Error(`no connection in ${connectMs} ms`)), connectMs);
    const finish = (reply: Reply, stale = false) => {
      clearTimeout(timer);
      resolve({ reply, stale });
    };
    const onConnected = () => {
      connected = true;
      clearTimeout(timer);
      timer = setTimeout(() => outgoing.destroy(new Error(`no answer in ${readMs} ms`)), readMs);
    };
    outgoing.on('socket', (socket) => {
      if (socket.connecting) socket.once('connect', onConnected);
      else onConnected();
    });
    const failure = (cause: NodeJS.ErrnoException): Reply => ({
      kind: connected ? 'rt' : 'ct',
      message: cause.message || cause.code || 'the request failed',
    });
    outgoing.on('error', (cause: NodeJS.ErrnoException) => {
      finish(failure(cause), outgoing.reusedSocket && cause.code === 'ECONNRESET');
    });
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', (cause) => finish(failure(cause)));
      incoming.on('end', () => {
        finish({ kind: 'answer', status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
      });
    });
    outgoing.end(bytes);
  });
}
