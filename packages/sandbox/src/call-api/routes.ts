import { callBody, type DetailContext } from '../call-detail-record.ts';
import { type Exchange, isAuthorised, readFailure, refusal } from '../exchange.ts';
import { targetOf } from '../http-server.ts';
import { seededUuid } from '../random.ts';
import { hasNumbers, listRecords } from './call-lists.ts';
import { createCall } from './create-call.ts';
import type { AcceptedCall } from './placed-call.ts';
import type { Asked, RoutesSetup } from './route-parts.ts';

export interface ApiRequest {
  readonly method: string;
  readonly target: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** What is asked for: the calls of an account, one of them, or one request for a call. */
type Resource = { readonly kind: 'calls' } | { readonly kind: 'call' | 'request'; readonly id: string };

/** Plivo's API as far as it is about calls. Resolves to `null` where the connection is to be cut without an answer. */
export function createRoutes(setup: RoutesSetup): (request: ApiRequest) => Promise<Exchange | null> {
  let requests = 0;
  return async ({ method, target, authorization, body }) => {
    const count = requests++;
    const apiId = seededUuid('request', count);
    const { pathname, searchParams: query } = targetOf(target);
    const [, authId = '', collection, id] =
      /^\/v1\/Account\/([^/]+)\/(Call|Request)\/(?:([^/]+)\/?)?$/.exec(pathname) ?? [];
    const line = setup.lines.get(authId);
    if (!line || !isAuthorised(line.account, authorization)) {
      return refusal(apiId, 401, 'invalid authentication credentials');
    }
    if (!line.mayAsk()) return refusal(apiId, 429, 'too many requests');
    const context = { authId, zone: setup.zone, now: setup.now(), apiId, lateSeconds: setup.lateSeconds };
    const asked = { line, context, query, body };
    const resource = resourceOf(collection, id);
    if (resource === null) return refusal(apiId, 404, 'not found');
    if (method === 'POST' && resource.kind === 'calls') return createCall(setup, asked);
    if (method === 'DELETE') return remove(setup, asked, resource);
    if (method !== 'GET' || resource.kind === 'request') return refusal(apiId, 405, 'method not allowed');
    const failure = readFailure(apiId, setup.faults.settings.reads, count);
    return failure ?? (resource.kind === 'calls' ? list(setup, asked) : show(setup, asked, resource.id));
  };
}

function resourceOf(collection: string | undefined, id: string | undefined): Resource | null {
  if (collection === 'Call') return id === undefined ? { kind: 'calls' } : { kind: 'call', id };
  return id === undefined ? null : { kind: 'request', id };
}

function list({ book }: RoutesSetup, { line, context, query }: Asked): Exchange {
  const { apiId, authId } = context;
  const status = query.get('status');
  const named = (uuids: string[]): Exchange => ({ status: 200, body: { api_id: apiId, calls: uuids } });
  if (status === 'queued') {
    // No SDK of Plivo's passes a filter here, so none is relied on.
    return named([...line.queued.keys()]);
  }
  if (status === 'live') {
    const live = [...book.live.values()].filter((call) => call.authId === authId && hasNumbers(query, call));
    return named(live.map((call) => call.callUuid));
  }
  if (status !== null) return refusal(apiId, 400, 'status must be live or queued');
  const over = [...book.over.values()].filter((call) => call.authId === authId);
  const listed = listRecords(over, query, context);
  return listed.ok ? { status: 200, body: listed.body } : refusal(apiId, 400, listed.error);
}

function show({ book }: RoutesSetup, { line, context, query }: Asked, id: string): Exchange {
  const status = query.get('status');
  const waiting = status === 'queued' ? line.queued.get(id) : undefined;
  if (waiting) return { status: 200, body: queuedBody(waiting, context) };
  const call = book.placed.get(id);
  const body = call?.authId === context.authId ? callBody(call, status, context) : null;
  return body ? { status: 200, body } : refusal(context.apiId, 404, 'not found');
}

function queuedBody({ callUuid, requestUuid, request }: AcceptedCall, { apiId }: DetailContext): object {
  return {
    api_id: apiId,
    call_status: 'queued',
    call_uuid: callUuid,
    caller_name: '',
    direction: 'outbound',
    from: request.from,
    request_uuid: requestUuid,
    to: request.to.replace(/^\+/, ''),
  };
}

/** Ends a live call, or takes a waiting one from the queue. Without an id it ends every live call, as Plivo does. */
function remove({ book }: RoutesSetup, { line, context }: Asked, resource: Resource): Exchange {
  const done: Exchange = { status: 204, body: null };
  const missing = refusal(context.apiId, 404, 'not found');
  if (resource.kind === 'calls') {
    for (const call of [...book.live.values()]) if (call.authId === context.authId) line.player.hangUp(call.callUuid);
    return done;
  }
  if (resource.kind === 'request') {
    const waiting = [...line.queued.values()].find((call) => call.requestUuid === resource.id);
    return waiting && line.cancel(waiting.callUuid) ? done : missing;
  }
  if (line.cancel(resource.id)) return done;
  if (book.live.get(resource.id)?.authId !== context.authId) return missing;
  line.player.hangUp(resource.id);
  return done;
}
