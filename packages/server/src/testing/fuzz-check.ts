import http from 'node:http';
import net from 'node:net';
import { Problem } from '@ringside/protocol';
import { type FuzzRequest, type FuzzRoute, fuzzRequest } from './fuzz-requests.ts';

/** How the server answered, and what it should not have answered. */
export interface FuzzResult {
  /** Requests by status; 0: the connection was closed without an answer. */
  readonly statuses: ReadonlyMap<number, number>;
  /** The first few answers that are faults, each with its request. */
  readonly faults: readonly string[];
}

export interface FuzzRun {
  /** The server's address. */
  readonly base: string;
  readonly requests: number;
  readonly seed: number;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const CONNECTIONS = 32;
const MOST_FAULTS = 5;
/** Of callbacks; other routes take more. */
const SMALLEST_LIMIT_BYTES = 64 * 1024;
/** Longer than the server lets any request take. */
const PATIENCE_MS = 90_000;

/** Sends so many requests to a running server, most of them wrong. */
export async function fuzz({ base, requests, seed }: FuzzRun): Promise<FuzzResult> {
  const routes = await routesOf(base);
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const statuses = new Map<number, number>();
  const faults: string[] = [];
  let next = 0;
  async function sender(): Promise<void> {
    for (let n = next++; n < requests; n = next++) {
      const request = fuzzRequest(seed, n, base, routes);
      const answer = await send(base, request, agent);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      const fault = faultOf(request, answer);
      if (fault && faults.length < MOST_FAULTS) faults.push(`${n}: ${fault} ${shown(request)}`);
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, sender));
  agent.destroy();
  return { statuses, faults };
}

async function routesOf(base: string): Promise<FuzzRoute[]> {
  const { paths } = (await (await fetch(`${base}/openapi.json`)).json()) as { paths: Record<string, object> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
  );
}

/** A refusal must say in a known form what is wrong, and none may be the server's own fault. */
function faultOf(request: FuzzRequest, { status, type, body }: Answer): string | null {
  if (request.kind === 'bytes') return status >= 500 ? `${status}` : null;
  // The refusal of a body that is too large may be lost: it is sent, and the connection closed, before all of it came.
  if (status === 0 && request.body.length > SMALLEST_LIMIT_BYTES) return null;
  if (status >= 200 && status < 400) return null;
  if (status < 400 || status >= 500) return `${status} ${body.slice(0, 200)}`;
  if (request.method === 'HEAD') return null;
  const problem = type === 'application/problem+json' ? Problem.safeParse(JSON.parse(body)) : null;
  return problem?.success && problem.data.status === status ? null : `${status} ${type} ${body.slice(0, 200)}`;
}

function shown(request: FuzzRequest): string {
  if (request.kind === 'bytes') return JSON.stringify(request.bytes.toString('latin1').slice(0, 200));
  const { method, path, headers, body } = request;
  return `${method} ${path.slice(0, 300)} ${JSON.stringify(headers)} ${body.toString('utf8').slice(0, 300)}`;
}

function send(base: string, request: FuzzRequest, agent: http.Agent): Promise<Answer> {
  return request.kind === 'bytes' ? sendBytes(new URL(base), request.bytes) : sendHttp(base, request, agent);
}

function sendHttp(base: string, request: Extract<FuzzRequest, { kind: 'http' }>, agent: http.Agent): Promise<Answer> {
  const { hostname, port } = new URL(base);
  const { method, path, headers, body } = request;
  return new Promise((resolve) => {
    const gone = (): void => resolve({ status: 0, type: '', body: 'no answer' });
    const outgoing = http.request({
      hostname,
      port,
      method,
      path,
      headers: { ...headers, 'content-length': body.length },
      agent,
    });
    outgoing.setTimeout(PATIENCE_MS, () => outgoing.destroy(new Error('no answer')));
    outgoing.on('error', gone);
    outgoing.on('response', (incoming) => {
      const { statusCode: status = 0 } = incoming;
      const type = incoming.headers['content-type'] ?? '';
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk) => {
        text += chunk;
      });
      const done = (): void => resolve({ status, type, body: text });
      incoming.on('end', done).on('error', done);
      // A stream of events has no end of its own.
      if (type.startsWith('text/event-stream')) {
        outgoing.destroy();
        done();
      }
    });
    outgoing.end(body);
  });
}

function sendBytes({ hostname, port }: URL, bytes: Buffer): Promise<Answer> {
  return new Promise((resolve) => {
    const socket = net.connect(Number(port), hostname);
    let text = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () =>
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), type: '', body: text }),
    );
    socket.end(bytes);
  });
}
