import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PlivoReceipt } from '../../ingest/receipt.ts';
import { SpoolFull } from '../../ingest/spool/spool.ts';
import { answerDocument, answerUnverified, nextOf } from '../../providers/plivo/answer-document.ts';
import { callbackOf, flawOf, pathOf } from '../../providers/plivo/callback.ts';
import { campaignOf } from '../../providers/plivo/fields.ts';
import { parseForm } from '../../providers/plivo/form.ts';
import { type Incoming, verifyCallback } from '../../providers/plivo/verify-callback.ts';
import type { Services } from '../../services.ts';
import { HttpProblem } from '../problems.ts';
import { settleSigned } from './settle-signed.ts';

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
  const incoming = incomingOf(services, request);
  if (mustWait(services, incoming)) {
    await keep(services, incoming);
    return reply.type('text/plain').send('ok');
  }
  const callback = verified(services, incoming);
  const refusal = settleSigned(services, callback, urlOf(services, incoming), await services.intake.submit(callback));
  if (refusal) throw refusal;
  return reply.type('text/plain').send('ok');
}

/** A caller is on the line: the document is sent at once, whatever storage does. */
async function answerCall(services: Services, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const incoming = incomingOf(services, request);
  const query = parseForm(incoming.callback.query);
  const notStored = (error: unknown): void => {
    if (!(error instanceof SpoolFull)) request.log.warn({ err: error }, 'an answer callback was not stored');
  };
  if (mustWait(services, incoming)) {
    keep(services, incoming).catch(notStored);
    return reply.type('application/xml').send(answerUnverified(nextOf(query)));
  }
  const callback = verified(services, incoming);
  services.intake
    .submit(callback)
    .then((applied) => settleSigned(services, callback, urlOf(services, incoming), applied))
    .catch(notStored);
  const campaignId = campaignOf(query);
  const xml = await answerDocument(services, callback.workspace, campaignId, nextOf(query), callback.receivedAt);
  return reply.type('application/xml').send(xml);
}

/** The address for which it was signed, or the first of several. */
function urlOf({ publicUrls }: Services, { callback }: Incoming): string {
  return `${publicUrls[0] ?? ''}${pathOf(callback)}`;
}

function incomingOf(services: Services, request: FastifyRequest): Incoming {
  const body = typeof request.body === 'string' ? request.body : '';
  const { workspace = null } = request.params as { workspace?: string };
  const callback = callbackOf(request.method, request.raw.url ?? '', request.headers, body);
  return { callback, workspace, receivedAt: services.now() };
}

/**
 * Whether nobody can say yet if the signature is right, as the store with the accounts has never been open. What bears
 * none that could be right is refused as ever.
 */
function mustWait(services: Services, { callback }: Incoming): boolean {
  return services.spool !== null && !services.isLoaded() && flawOf(callback) === null;
}

async function keep({ spool }: Services, incoming: Incoming): Promise<void> {
  await spool?.keep({ kind: 'unverified', ...incoming });
}

function verified(services: Services, incoming: Incoming): PlivoReceipt {
  const receipt = verifyCallback(services, incoming);
  if ('refused' in receipt) throw new HttpProblem(receipt.code, receipt.refused);
  return receipt;
}
