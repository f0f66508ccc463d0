import { type ErrorCode, errorCatalogue, type Problem, problem } from '@ringside/protocol';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { withoutSecrets } from '../access/secrets.ts';
import { Overloaded } from '../ingest/intake.ts';
import { SpoolUnwritable } from '../ingest/spool/segment-writer.ts';
import { SpoolFull } from '../ingest/spool/spool.ts';
import { maskText } from '../store/mask-numbers.ts';
import { StoreFault, StoreIsAway } from '../store/store.ts';
import { answerWithPage } from './page-answer.ts';
import type { RequestCounts } from './request-counts.ts';

/** A refusal with a code of the catalogue, thrown where a request cannot go on. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly code: ErrorCode;
  readonly errors: Problem['errors'];

  constructor(code: ErrorCode, detail: string, errors?: Problem['errors']) {
    super(detail);
    this.code = code;
    this.errors = errors;
  }
}

/** Unknown here, or another workspace's: the answer is the same. */
export function campaignNotFound(id: string): HttpProblem {
  return new HttpProblem('campaign-not-found', `There is no campaign ${id} here.`);
}

const RETRY_AFTER_SECONDS = 1;

/** Every error leaves as a problem document; what is not expected is logged and told in general words only. */
export function installProblems(app: FastifyInstance, requests: Pick<RequestCounts, 'unrouted'>): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const document = withoutSecretsIn(problemOf(error));
    const { log } = errorCatalogue[document.code as ErrorCode];
    // A number may stand in a path or detail, as a call's id or as what was searched for; a log goes anywhere.
    const path = maskText(withoutSecrets(pathOf(request)));
    const facts = { code: document.code, method: request.method, path };
    // Whoever noticed first has said so, once: a line for each request would say the same.
    if (error instanceof StoreIsAway || error instanceof SpoolFull || error instanceof SpoolUnwritable)
      request.log.debug(facts, document.title);
    else if (log === 'error') request.log.error({ ...facts, err: error }, document.title);
    else request.log[log](facts, maskText(document.detail));
    return send(reply, document);
  });
  app.setNotFoundHandler((request, reply) => {
    requests.unrouted(404);
    if (answerWithPage(request, reply, 404)) return reply;
    return send(reply, problem('not-found', withoutSecrets(`There is no ${request.method} ${pathOf(request)}.`)));
  });
}

/** Refuses a URL that no route can be found for: without this the framework would answer in a form of its own. */
export function frameworkErrors(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  if (answerWithPage(request, reply, 400)) return;
  const isLong = error.code === 'FST_ERR_MAX_PARAM_LENGTH';
  const why = isLong ? 'a part of it is too long' : 'it is not percent-encoded UTF-8';
  send(reply, problem('validation-failed', `The path cannot be read: ${why}.`));
}

/** The path without its query, which may hold secrets. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '';
}

function send(reply: FastifyReply, document: Problem): FastifyReply {
  // A refusal may come where a file was about to begin.
  reply.removeHeader('content-disposition');
  if (document.status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS);
  if (document.status === 401) reply.header('www-authenticate', 'Bearer');
  return reply
    .code(document.status)
    .type('application/problem+json')
    .send(Buffer.from(JSON.stringify(document)));
}

/** A key that was sent in the wrong place must not come back, where a page or a log may keep it. */
function withoutSecretsIn({ detail, errors, ...document }: Problem): Problem {
  const cleaned = errors?.map(({ path, message }) => ({
    path: withoutSecrets(path),
    message: withoutSecrets(message),
  }));
  return { ...document, detail: withoutSecrets(detail), ...(cleaned ? { errors: cleaned } : {}) };
}

function problemOf(error: FastifyError): Problem {
  if (error instanceof HttpProblem) return problem(error.code, error.message, error.errors);
  if (error instanceof Overloaded) {
    return problem('overloaded', 'Intake is full; nothing of this request was stored. Send it again shortly.');
  }
  if (error instanceof StoreFault) {
    return problem('storage-unavailable', 'Storage does not answer now. Send the request again shortly.');
  }
  if (hasZodFastifySchemaValidationErrors(error)) return validationProblem(error);
  return frameworkProblem(error);
}

function validationProblem(error: FastifyError): Problem {
  const context = error.validationContext ?? 'body';
  const errors = (error.validation ?? []).map(({ instancePath, message }) => ({
    path: `${context}${instancePath}`,
    message: message ?? 'is not valid',
  }));
  const [first] = errors;
  return problem(
    'validation-failed',
    first ? `${first.path}: ${first.message}` : `The ${context} is not valid.`,
    errors,
  );
}

/** Errors of the HTTP framework, by its own codes and statuses. */
function frameworkProblem(error: FastifyError): Problem {
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return problem('body-too-large', 'The body is larger than this route takes.');
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return problem(
      'unsupported-media-type',
      'Send JSON to /v1 routes, lists also as text/csv or application/x-ndjson, and form-encoded data to callback routes.',
    );
  }
  const status = error.statusCode ?? 500;
  if (status >= 400 && status < 500) return problem('malformed-body', 'The request could not be read.');
  return problem('internal-error', 'The error was logged; nothing of this request was stored.');
}
