import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerDocument } from '../../providers/plivo/answer-document.ts';
import { callbackOf, checkCallback } from '../../providers/plivo/callback.ts';
import { param, parseForm } from '../../providers/plivo/form.ts';
import { plivoReceipt } from '../../providers/plivo/plivo-receipt.ts';
import type { Services } from '../../services.ts';
import { HttpProblem } from '../problems.ts';

const BODY_LIMIT = 64 * 1024;
/** URLs that name a workspace serve callbacks that name no account, and accounts that several workspaces have. */
const prefixes = ['/plivo', '/webhooks/plivo', '/w/:workspace/plivo', '/w/:workspace/webhooks/plivo'];
const notices = ['ring-url', 'hangup-url', 'machine-detection'] as const;

/** Plivo's callbacks. They are answered when they are durable, but for the answer URL, which never waits. */
export function plivoRoutes(app: FastifyInstance, services: Services): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: BODY_LIMIT },
    (_request, body, done) => done(null, body),
  );
  for (const prefix of prefixes) {
    for (const notice of notices) {
      app.route({
        method: ['GET', 'POST'],
        url: `${prefix}/${notice}`,
        exposeHeadRoute: false,
        config: { access: 'signed' },
        schema: { tags: ['plivo'], summary: `Plivo callback: ${notice}` },
        handler: (request, reply) => takeNotice(services, request, reply),
      });
    }
    app.route({
      method: ['GET', 'POST'],
      url: `${prefix}/answer-url`,
      exposeHeadRoute: false,
      config: { access: 'signed' },
      schema: { tags: ['plivo'], summary: 'Plivo callback: answer URL; answers XML' },
      handler: (request, reply) => answerCall(services, request, reply),
    });
  }
}

async function takeNotice(services: Services, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const callback = verified(services, request);
  const result = await services.intake.submit(callback);
  if (result.result === 'rejected') throw new HttpProblem(result.code, 'The callback is not what was signed before.');
  services.status.verified(result.result, callback.receivedAt);
  return reply.type('text/plain').send('ok');
}

/** A caller is on the line: the document is sent at once, whatever storage does. */
async function answerCall(services: Services, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const callback = verified(services, request);
  services.intake.submit(callback).then(
    ({ result }) => services.status.verified(result, callback.receivedAt),
    (error: unknown) => request.log.warn({ err: error }, 'an answer callback was not stored'),
  );
  const query = parseForm(callback.query);
  const campaignId = param(query, 'campId') ?? param(query, 'campaignId');
  const xml = await answerDocument(services, callback.workspace, campaignId, param(query, 'next'), callback.receivedAt);
  return reply.type('application/xml').send(xml);
}

function verified(services: Services, request: FastifyRequest) {
  const body = typeof request.body === 'string' ? request.body : '';
  const callback = callbackOf(request.method, request.raw.url ?? '', request.headers, body);
  const { workspace = null } = request.params as { workspace?: string };
  const { publicUrls, accounts, workspace: usual } = services;
  const check = checkCallback(callback, { publicUrls, accounts, workspace, usual });
  if (check.valid) {
    const { query } = callback;
    const { account, nonce, form, params } = check;
    const verified = { workspace: account.workspace, receivedAt: services.now(), query, body, nonce };
    return plivoReceipt(verified, services.config.plivoTimeZone, { form, params });
  }
  const { code, reason, url } = check;
  services.status.refused({ workspace: workspace ?? usual, at: services.now(), code, reason, url });
  throw new HttpProblem(code, reason);
}
