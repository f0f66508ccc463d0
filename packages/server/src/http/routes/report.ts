import { CampaignId, Report } from '@ringside/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { maskOf } from '../../access/principal.ts';
import type { ServedReport } from '../../reports/report-cache.ts';
import type { Services } from '../../services.ts';
import { principalOf } from '../access-hook.ts';
import { noCampaign } from './campaigns.ts';

const recent = z.coerce.number().int().min(0).max(100).default(25);

/** The body that existing front ends send: one of two names for the same thing. */
const NamedCampaign = z.union([z.strictObject({ campaignId: CampaignId }), z.strictObject({ campId: CampaignId })]);

/** The report, by polling. */
export function reportRoutes(instance: FastifyInstance, services: Services): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const tags = ['report'];

  app.get(
    '/v1/campaigns/:id/report',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'The live report, with ETag and 304',
        params: z.object({ id: CampaignId }),
        querystring: z.strictObject({ recent }),
        response: { 200: Report },
      },
    },
    (request, reply) => sendReport(services, request, reply, request.params.id, request.query.recent),
  );

  app.post(
    '/plivo/current-campaign-report',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'The live report, for existing front ends',
        body: NamedCampaign,
        response: { 200: Report },
      },
    },
    (request, reply) => {
      const id = 'campId' in request.body ? request.body.campId : request.body.campaignId;
      return sendReport(services, request, reply, id, 25);
    },
  );
}

/** Answers at once where the report is at hand, which it is for every reader of a revision but the first. */
function sendReport(
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  id: string,
  count: number,
): void | Promise<void> {
  const principal = principalOf(request);
  const mask = maskOf(principal);
  const atHand = services.reports.peek(principal.workspace, id, count, mask);
  if (atHand) return sendServed(request, reply, atHand);
  return services.reports.get(principal.workspace, id, count, mask).then((served) => {
    if (!served) return noCampaign(id);
    return sendServed(request, reply, served);
  });
}

function sendServed(request: FastifyRequest, reply: FastifyReply, { etag, body }: ServedReport): void {
  reply.header('etag', etag).header('cache-control', 'private, no-cache');
  if (matches(request.headers['if-none-match'], etag)) reply.code(304).send();
  else reply.serializer(asItIs).header('content-type', 'application/json; charset=utf-8').send(body);
}

/** The body was serialised once for all readers of this revision. */
const asItIs = (body: unknown): string => body as string;

function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header
    .split(',')
    .some((candidate) => candidate.trim().replace(/^W\//, '') === etag || candidate.trim() === '*');
}
