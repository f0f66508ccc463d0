import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ApiBody, callDetailRecord, type DetailContext, liveCallBody } from './call-detail-record.ts';
import { chance, seededRandom, seededUuid } from './random.ts';
import type { CallRecord, RunRecord } from './record.ts';
import { defaultZone } from './run-campaign.ts';

export interface CallDetailOptions {
  /** 0 takes a free one. */
  readonly port?: number;
  readonly authId: string;
  /** Any of them is accepted, as while tokens are rotated. */
  readonly authTokens: readonly string[];
  /** IANA zone of the account's console. Default Asia/Kolkata. */
  readonly zone?: string;
  /** A record can be had only so many seconds after the end of its call. */
  readonly lateSeconds?: number;
  /** Share of requests that are answered 503 or 429, in turn. */
  readonly failures?: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

/** Plivo's API as far as it tells what became of a call. */
export interface CallDetailServer {
  readonly url: string;
  /** Status of each answer so far. */
  readonly answers: readonly number[];
  /** Knows the calls of a run from now on, also those that it has yet to place. */
  readonly add: (run: RunRecord) => void;
  readonly close: () => Promise<void>;
}

/** Runs whose calls are remembered: a program that loops for weeks must not fill the memory. */
const mostRuns = 50;

interface Exchange {
  readonly status: number;
  readonly body: ApiBody;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Serves `GET /v1/Account/{auth_id}/Call/{call_uuid}/` from what the sandbox itself knows of its calls. */
export async function startCallDetailServer(options: CallDetailOptions): Promise<CallDetailServer> {
  const answers: number[] = [];
  const ledger = createLedger();
  const server = http.createServer((incoming, outgoing) => {
    const { status, body, headers } = answer(options, ledger.find, incoming, answers.length);
    answers.push(status);
    outgoing.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    add: ledger.add,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Find = (callUuid: string) => CallRecord | undefined;

function answer(options: CallDetailOptions, find: Find, request: http.IncomingMessage, count: number): Exchange {
  const { authId, zone = defaultZone, failures = 0, now = Date.now } = options;
  const context = { authId, zone, now: now(), apiId: seededUuid('request', count) };
  const refuse = (status: number, error: string, headers = {}): Exchange => ({
    status,
    body: { api_id: context.apiId, error },
    headers,
  });
  if (chance(seededRandom('call details', count), failures)) {
    return count % 2 === 0
      ? refuse(503, 'service unavailable')
      : refuse(429, 'too many requests', { 'retry-after': '1' });
  }
  if (!isAuthorised(options, request.headers.authorization)) return refuse(401, 'invalid authentication credentials');
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://sandbox');
  const [, account, callUuid] = /^\/v1\/Account\/([^/]+)\/Call\/([^/]+)\/$/.exec(pathname) ?? [];
  if (request.method !== 'GET') return refuse(405, 'method not allowed');
  const call = account === authId && callUuid !== undefined ? find(callUuid) : undefined;
  const body = call && bodyOf(call, searchParams.get('status'), options.lateSeconds ?? 0, context);
  return body ? { status: 200, body } : refuse(404, 'not found');
}

function bodyOf(call: CallRecord, status: string | null, lateSeconds: number, context: DetailContext): ApiBody | null {
  if (status === 'live') return call.ended ? null : liveCallBody(call, context);
  const isWritten = !call.ended || call.endedAt + lateSeconds * 1_000 <= context.now;
  return isWritten ? callDetailRecord(call, context) : null;
}

function isAuthorised({ authId, authTokens }: CallDetailOptions, authorization: string | undefined): boolean {
  return authTokens.some((token) => authorization === `Basic ${Buffer.from(`${authId}:${token}`).toString('base64')}`);
}

/** Finds calls by id. Runs place calls while they go on, so each is read on from where it was left. */
function createLedger(): { add: (run: RunRecord) => void; find: Find } {
  const runs: { run: RunRecord; read: number; calls: Map<string, CallRecord> }[] = [];
  return {
    add: (run) => {
      runs.push({ run, read: 0, calls: new Map() });
      if (runs.length > mostRuns) runs.shift();
    },
    find: (callUuid) => {
      for (const entry of runs) {
        for (const call of entry.run.calls.slice(entry.read)) entry.calls.set(call.callUuid, call);
        entry.read = entry.run.calls.length;
        const call = entry.calls.get(callUuid);
        if (call) return call;
      }
      return undefined;
    },
  };
}
