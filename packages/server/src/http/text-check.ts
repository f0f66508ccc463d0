import { UNSTORABLE, unstorable } from '@ringside/protocol';
import type { FastifyInstance } from 'fastify';
import { HttpProblem } from './problems.ts';

/** Refuses texts that no store gives back as they are. The items of a batch of events are each checked for themselves. */
export function installTextCheck(app: FastifyInstance): void {
  app.addHook('preValidation', ({ params, query, body, method }, _reply, done) => {
    const isRead = method === 'GET' || method === 'HEAD';
    done(check('params', params) ?? check('querystring', query) ?? (isRead ? undefined : check('body', body)));
  });
}

function check(where: string, value: unknown): HttpProblem | undefined {
  // A signed form is kept as it came; a batch answers for each of its events.
  if (typeof value === 'string' || (where === 'body' && isBatch(value))) return undefined;
  const path = unstorable(value);
  if (!path) return undefined;
  const place = [where, ...path].join('/');
  return new HttpProblem('validation-failed', `${place}: ${UNSTORABLE}`, [{ path: place, message: UNSTORABLE }]);
}

function isBatch(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'events' in body;
}
