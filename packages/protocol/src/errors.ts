import { z } from 'zod';

/** How loudly the server logs an error of this kind. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

interface ErrorKind {
  readonly status: number;
  readonly title: string;
  readonly log: LogLevel;
}

/** Every error that Ringside answers: one code, one HTTP status, one title. */
export const errorCatalogue = {
  'validation-failed': { status: 400, title: 'The request has fields that cannot be used', log: 'debug' },
  'malformed-body': { status: 400, title: 'The body could not be read', log: 'debug' },
  'at-in-future': { status: 400, title: 'The event lies more than 5 minutes ahead', log: 'debug' },
  'past-retention': { status: 400, title: 'The event is older than the records that are kept', log: 'debug' },
  unauthenticated: { status: 401, title: 'A valid key or session is needed', log: 'debug' },
  forbidden: { status: 403, title: 'This key may not do that', log: 'info' },
  'origin-refused': { status: 403, title: 'Requests from this origin are not allowed', log: 'info' },
  'signature-invalid': { status: 403, title: 'The provider signature does not match', log: 'warn' },
  'nonce-reused': { status: 403, title: 'Another callback was signed with this nonce', log: 'warn' },
  'account-unknown': { status: 403, title: 'No provider account here is the one that signed', log: 'warn' },
  'account-ambiguous': { status: 403, title: 'Several workspaces have this provider account', log: 'warn' },
  'simulation-off': { status: 403, title: 'Simulated campaigns are switched off on this server', log: 'debug' },
  'not-found': { status: 404, title: 'There is nothing here', log: 'debug' },
  'campaign-not-found': { status: 404, title: 'No such campaign', log: 'debug' },
  'call-not-found': { status: 404, title: 'No such call', log: 'debug' },
  'attempt-not-found': { status: 404, title: 'No such attempt is in doubt', log: 'debug' },
  'workspace-not-found': { status: 404, title: 'No such workspace', log: 'debug' },
  'key-not-found': { status: 404, title: 'No such key', log: 'debug' },
  'account-not-found': { status: 404, title: 'No such provider account', log: 'debug' },
  'share-link-not-found': { status: 404, title: 'No such share link, or it has ended', log: 'debug' },
  'method-not-allowed': { status: 405, title: 'This method is not allowed here', log: 'debug' },
  'sender-too-slow': { status: 408, title: 'The body came too slowly', log: 'info' },
  'campaign-exists': { status: 409, title: 'A campaign with this id and other values exists', log: 'debug' },
  'workspace-exists': { status: 409, title: 'A workspace with this id exists', log: 'debug' },
  'account-exists': { status: 409, title: 'The workspace has this provider account already', log: 'debug' },
  'last-admin-key': { status: 409, title: 'No key could look after the workspace any more', log: 'info' },
  'not-dialed-here': { status: 409, title: 'Another system dials this campaign', log: 'debug' },
  'phase-conflict': { status: 409, title: 'The campaign’s phase does not allow that', log: 'debug' },
  'no-control-webhook': { status: 409, title: 'Nobody says how to reach the campaign’s dialer', log: 'debug' },
  'not-asked': { status: 409, title: 'The dialer was not asked that, or was asked something else since', log: 'debug' },
  'call-full': { status: 409, title: 'The call has as many events as one may have', log: 'warn' },
  'records-deleted': { status: 410, title: 'The records of that time have been deleted', log: 'debug' },
  'body-too-large': { status: 413, title: 'The body is too large', log: 'info' },
  'unsupported-media-type': { status: 415, title: 'This content type cannot be read here', log: 'debug' },
  'campaign-too-large': { status: 422, title: 'The campaign is too large for that', log: 'debug' },
  'too-many-campaigns': { status: 429, title: 'Too many unregistered campaigns', log: 'warn' },
  'too-many-events': {
    status: 429,
    title: 'The campaign took as many changes today as it takes in a day',
    log: 'warn',
  },
  'too-many-requests': { status: 429, title: 'Too many requests', log: 'debug' },
  'too-many-connections': { status: 429, title: 'Too many live connections', log: 'debug' },
  'internal-error': { status: 500, title: 'Something went wrong on our side', log: 'error' },
  overloaded: { status: 503, title: 'Too much is waiting to be stored', log: 'warn' },
  'storage-unavailable': { status: 503, title: 'Storage does not answer', log: 'error' },
  'simulation-unavailable': { status: 503, title: 'The simulated campaign could not be started', log: 'error' },
  'plivo-token-missing': { status: 503, title: 'No Plivo auth token is configured', log: 'warn' },
} as const satisfies Record<string, ErrorKind>;

/** A stable word for programs to branch on. */
export type ErrorCode = keyof typeof errorCatalogue;

/** RFC 9457 problem document. `type` is a relative reference into the served documentation. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof Problem>;

/** Builds the problem document of a code. `detail` says what went wrong here and what to do about it. */
export function problem(code: ErrorCode, detail: string, errors?: Problem['errors']): Problem {
  const { status, title } = errorCatalogue[code];
  return { type: `/docs#error-${code}`, title, status, detail, code, ...(errors ? { errors } : {}) };
}
