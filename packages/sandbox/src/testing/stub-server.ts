import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it arrived. `params` are those of the query and of a form body. */
export interface Received {
  readonly method: string;
  /** As it stood in the request line. */
  readonly target: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  readonly form: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What to answer; nothing means 200 and whatever a server that takes everything would say. */
export type Answer = { readonly status: number; readonly body?: string } | undefined;

export interface StubServer {
  readonly url: string;
  readonly received: Received[];
  readonly close: () => Promise<void>;
}

/** A server that keeps every request and takes it, unless `answer` says otherwise. */
export async function startStub(answer: (request: Received) => Answer = () => undefined): Promise<StubServer> {
  const received: Received[] = [];
  const server = http.createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const request = read(incoming, Buffer.concat(chunks).toString('utf8'));
      received.push(request);
      const { status, body } = answer(request) ?? usual(request);
      outgoing.writeHead(status).end(body ?? '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function read(incoming: http.IncomingMessage, body: string): Received {
  const target = incoming.url ?? '';
  const { pathname, searchParams } = new URL(target, 'http://stub');
  const isForm = incoming.headers['content-type'] === 'application/x-www-form-urlencoded';
  return {
    method: incoming.method ?? '',
    target,
    path: pathname,
    headers: incoming.headers,
    body,
    form: isForm ? Object.fromEntries(new URLSearchParams(body)) : {},
    query: searchParams,
    at: Date.now(),
  };
}

function usual({ path }: Received): { status: number; body: string } {
  if (path === '/v1/campaigns') return { status: 201, body: '{}' };
  if (path === '/v1/events') return { status: 200, body: '{"results":[{"index":0,"result":"accepted"}]}' };
  return { status: 200, body: 'ok' };
}
