import type { CallExportQuery, ContactExportQuery } from '@ringside/protocol';
import type { FastifyRequest } from 'fastify';
import { type MaskClass, maskOf } from '../../access/principal.ts';
import type { CallFilter, ContactFilter } from '../../store/reads.ts';
import { principalOf } from '../access-hook.ts';
import { HttpProblem } from '../problems.ts';

/** The filter that a query asks for. */
export function callFilterOf(query: CallExportQuery, mask: MaskClass): CallFilter {
  if (query.number !== undefined && mask === 'masked') {
    // Who may ask which numbers hold which digits can find out every digit.
    throw new HttpProblem('forbidden', 'Searching by number needs the permission to see numbers.');
  }
  return {
    outcomes: query.outcome ?? null,
    leads: query.lead ?? null,
    code: query.cause ?? null,
    digits: query.number ?? null,
    endedFrom: millis(query.from),
    endedBefore: millis(query.to),
    minTalk: query.minDuration ?? null,
    maxTalk: query.maxDuration ?? null,
    answeredBy: query.answeredBy ?? null,
    state: query.state ?? null,
  };
}

/** The filter that a query asks for. */
export function contactFilterOf(query: ContactExportQuery): ContactFilter {
  return { states: query.state ?? null, leads: query.lead ?? null };
}

/** Whether a filter lets everything through. */
export function isUnfiltered(filter: CallFilter | ContactFilter): boolean {
  return Object.values(filter).every((condition) => condition === null);
}

/** Whose campaigns a request may read, and whether it may see numbers. */
export function readerOf(request: FastifyRequest): { workspace: string; mask: MaskClass } {
  const principal = principalOf(request);
  return { workspace: principal.workspace, mask: maskOf(principal) };
}

/** The refusal of a cursor that this list did not give out. */
export function badCursor(): HttpProblem {
  const detail = 'querystring/cursor: belongs to another query or is damaged. Begin again without it.';
  return new HttpProblem('validation-failed', detail, [
    { path: 'querystring/cursor', message: 'is not a cursor of this query' },
  ]);
}

function millis(instant: string | undefined): number | null {
  return instant === undefined ? null : Date.parse(instant);
}
