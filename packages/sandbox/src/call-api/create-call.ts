import { type Exchange, refusal } from '../exchange.ts';
import type { PostEntry } from './call-book.ts';
import { readCallRequest } from './call-request.ts';
import type { PostFault } from './post-faults.ts';
import type { Asked, RoutesSetup } from './route-parts.ts';

/** `POST …/Call/`: notes the request, and answers it with whatever is to go wrong with it. */
export async function createCall(setup: RoutesSetup, asked: Asked): Promise<Exchange | null> {
  const { book, faults, now } = setup;
  const { authId } = asked.context;
  const fault = faults.take();
  const entry: PostEntry = { at: now(), authId, fault, status: null, requestUuid: null, attemptId: null };
  book.post(entry);
  const exchange = await answer(setup, asked, entry);
  entry.status = exchange?.status ?? null;
  return exchange;
}

async function answer(setup: RoutesSetup, asked: Asked, entry: PostEntry): Promise<Exchange | null> {
  const { faults, sleep } = setup;
  const refused = refusalOf(entry.fault, asked.context.apiId);
  if (refused) return refused;
  if (entry.fault === 'hang') await sleep(faults.settings.hangMs);
  const accepted = accept(setup, asked, entry);
  if (entry.fault === 'slow') await sleep(faults.settings.slowMs);
  // Whatever else is wrong with a request is answered as if nothing went wrong on the way.
  if (entry.requestUuid === null) return accepted;
  if (entry.fault === 'lost-answer') return null;
  return entry.fault === 'fail-after' ? refusal(asked.context.apiId, 500, 'internal server error') : accepted;
}

/** What is answered before anybody looks at the request. */
function refusalOf(fault: PostFault | null, apiId: string): Exchange | null {
  switch (fault) {
    case 'fail-before':
      return refusal(apiId, 503, 'service unavailable');
    case 'refuse-429':
      return { ...refusal(apiId, 429, 'too many requests'), headers: { 'retry-after': '1' } };
    case 'refuse-429-bare':
      return refusal(apiId, 429, 'too many requests');
    case 'payment-required':
      return refusal(apiId, 402, 'insufficient credits');
    case 'unauthorised':
      return refusal(apiId, 401, 'invalid authentication credentials');
    default:
      return null;
  }
}

function accept({ faults }: RoutesSetup, { line, context, body }: Asked, entry: PostEntry): Exchange {
  const read = readCallRequest(body);
  if (!read.ok) return refusal(context.apiId, 400, read.error);
  const { request } = read;
  entry.attemptId = request.attemptId;
  if (faults.settings.forbidden.some((prefix) => request.to.startsWith(prefix))) {
    return refusal(context.apiId, 403, 'calls to this destination are not permitted');
  }
  const { call, isQueued } = line.accept(request, entry.at, entry.fault === 'out-of-credits');
  entry.requestUuid = call.requestUuid;
  const message = isQueued ? 'call queued' : 'call fired';
  return { status: 201, body: { api_id: context.apiId, message, request_uuid: call.requestUuid } };
}
