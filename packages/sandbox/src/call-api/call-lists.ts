import { callDetailRecord, type DetailContext, isWritten } from '../call-detail-record.ts';
import type { PlacedCall } from './placed-call.ts';

/** A page of a list, or what is wrong with what was asked for. */
export type Listed = { readonly ok: true; readonly body: object } | { readonly ok: false; readonly error: string };

type Test = (call: PlacedCall) => boolean;

const mostPerPage = 20;

/**
 * `GET …/Call/`: records of calls that are over, the last to end first.
 *
 * @param calls of the account, in the order in which they ended
 */
export function listRecords(calls: Iterable<PlacedCall>, query: URLSearchParams, context: DetailContext): Listed {
  const problems: string[] = [];
  const limit = wholeNumber(query, 'limit', mostPerPage, problems);
  const offset = wholeNumber(query, 'offset', 0, problems);
  if (limit < 1 || limit > mostPerPage) problems.push(`limit must be from 1 to ${mostPerPage}`);
  const tests = testsOf(query, problems);
  const [error] = problems;
  if (error !== undefined) return { ok: false, error };
  const found = [...calls].filter((call) => isWritten(call, context) && tests.every((test) => test(call))).reverse();
  const link = (at: number) => pageLink(context.authId, query, { limit, offset: at });
  const meta = {
    limit,
    offset,
    total_count: found.length,
    next: offset + limit < found.length ? link(offset + limit) : null,
    previous: offset > 0 ? link(Math.max(0, offset - limit)) : null,
  };
  const objects = found.slice(offset, offset + limit).map((call) => callDetailRecord(call, context));
  return { ok: true, body: { api_id: context.apiId, meta, objects } };
}

/** Whether a call has the numbers that a list of live calls asks for. */
export function hasNumbers(query: URLSearchParams, { caller, number }: PlacedCall): boolean {
  return contains(caller, query.get('from_number')) && contains(number, query.get('to_number'));
}

/** By their names; a name that is not here is refused, as a filter that has no effect would be worse. */
const filters: Readonly<Record<string, (value: string) => Test | null>> = {
  from_number: (value) => (call) => contains(call.caller, value),
  to_number: (value) => (call) => contains(call.number, value),
  call_direction: (value) => (value === 'inbound' || value === 'outbound' ? () => value === 'outbound' : null),
  hangup_source: (value) => (call) => call.source === value,
  hangup_cause_code: (value) => (call) => String(call.code) === value,
  end_time: byEnd((end, wanted) => end === wanted),
  end_time__gt: byEnd((end, wanted) => end > wanted),
  end_time__gte: byEnd((end, wanted) => end >= wanted),
  end_time__lt: byEnd((end, wanted) => end < wanted),
  end_time__lte: byEnd((end, wanted) => end <= wanted),
};

function testsOf(query: URLSearchParams, problems: string[]): Test[] {
  return [...query].flatMap(([name, value]) => {
    if (name === 'limit' || name === 'offset') return [];
    const test = Object.hasOwn(filters, name) ? filters[name]?.(value) : undefined;
    if (!test) problems.push(test === null ? `${name} cannot be read` : `there is no filter ${name}`);
    return test ? [test] : [];
  });
}

/** Part of a number, with or without its plus. */
function contains(number: string, part: string | null): boolean {
  return part === null || number.includes(part.trim().replace(/^\+/, ''));
}

/** Compares the end of a call, cut to the second as records show it, with a time in UTC. */
function byEnd(compare: (end: number, wanted: number) => boolean): (value: string) => Test | null {
  return (value) => {
    if (!/^\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d(\.\d{1,6})?)?$/.test(value)) return null;
    const wanted = Date.parse(`${value.replace(' ', 'T').replace(/(\.\d{3})\d+$/, '$1')}Z`);
    return Number.isNaN(wanted) ? null : (call) => compare(Math.floor(call.endedAt / 1_000) * 1_000, wanted);
  };
}

function wholeNumber(query: URLSearchParams, name: string, otherwise: number, problems: string[]): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  if (!/^\d{1,9}$/.test(text)) problems.push(`${name} must be a whole number`);
  return Number(text);
}

function pageLink(authId: string, query: URLSearchParams, page: Readonly<Record<string, number>>): string {
  const linked = new URLSearchParams(query);
  for (const [name, value] of Object.entries(page)) linked.set(name, String(value));
  return `/v1/Account/${authId}/Call/?${linked}`;
}
