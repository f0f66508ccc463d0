import type { IncomingMessage } from 'node:http';
import { callBody } from './call-detail-record.ts';
import { type Exchange, isAuthorised, readFailure, refusal } from './exchange.ts';
import { listenLocally, targetOf } from './http-server.ts';
import { seededUuid } from './random.ts';
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

/** Serves `GET /v1/Account/{auth_id}/Call/{call_uuid}/` from what the sandbox itself knows of its calls. */
export async function startCallDetailServer(options: CallDetailOptions): Promise<CallDetailServer> {
  const answers: number[] = [];
  const ledger = createLedger();
  const { url, close } = await listenLocally(options.port ?? 0, (incoming, outgoing) => {
    const { status, body, headers } = answer(options, ledger.find, incoming, answers.length);
    answers.push(status);
    outgoing.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  });
  return { url, answers, add: ledger.add, close };
}

type Find = (callUuid: string) => CallRecord | undefined;

function answer(options: CallDetailOptions, find: Find, request: IncomingMessage, count: number): Exchange {
  const { authId, zone = defaultZone, failures = 0, lateSeconds = 0, now = Date.now } = options;
  const context = { authId, zone, now: now(), apiId: seededUuid('request', count), lateSeconds };
  const refuse = (status: number, error: string) => refusal(context.apiId, status, error);
  const failure = readFailure(context.apiId, failures, count);
  if (failure) return failure;
  if (!isAuthorised(options, request.headers.authorization)) return refuse(401, 'invalid authentication credentials');
  const { pathname, searchParams } = targetOf(request.url ?? '');
  const [, account, callUuid] = /^\/v1\/Account\/([^/]+)\/Call\/([^/]+)\/$/.exec(pathname) ?? [];
  if (request.method !== 'GET') return refuse(405, 'method not allowed');
  const call = account === authId && callUuid !== undefined ? find(callUuid) : undefined;
  const body = call && callBody(call, searchParams.get('status'), context);
  return body ? { status: 200, body } : refuse(404, 'not found');
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
