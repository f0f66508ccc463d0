import { iso } from '@ringside/core';
import { CampaignId, Instant, Report } from '@ringside/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchemaCompiler } from 'fastify';
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { maskOf } from '../../access/principal.ts';
import type { ServedReport } from '../../reports/report-cache.ts';
import type { Services } from '../../services.ts';
import { maskReport } from '../../store/mask-campaign.ts';
import { principalOf } from '../access-hook.ts';
import { sightOf } from '../audit-note.ts';
import { matches } from '../etag.ts';
import { heavyRead } from '../heavy-read.ts';
import { HttpProblem } from '../problems.ts';
import { noCampaign } from './campaigns.ts';

const DEFAULT_RECENT = 25;
const recent = z.coerce.number().int().min(0).max(100).default(DEFAULT_RECENT);

/** The body that existing front ends send: one of two names for the same thing. */
const NamedCampaign = z.union([z.strictObject({ campaignId: CampaignId }), z.strictObject({ campId: CampaignId })]);

/** The report, by polling. */
export function reportRoutes(instance: FastifyInstance, services: Services): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const tags = ['report'];

  app.get(
    '/v1/campaigns/:id/report',
    {
      config: { access: 'read', shared: 'campaign' },
      validatorCompiler: usualFirst,
      schema: {
        tags,
        summary: 'The live report, with ETag and 304',
        params: z.object({ id: CampaignId }),
        querystring: z.strictObject({ recent, asOf: Instant.optional().describe('A past moment') }),
        response: { 200: Report },
      },
    },
    (request, reply) => {
      const { id } = request.params;
      const { recent: count, asOf } = request.query;
      if (asOf !== undefined) return sendPast(services, request, reply, { id, count, at: Date.parse(asOf) });
      return sendReport(services, request, reply, id, count);
    },
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
      return sendReport(services, request, reply, id, DEFAULT_RECENT);
    },
  );
}

/**
 * The schemas cost a poll as much as the rest of its way. Nearly all polls give no query, or a plain `recent`: those
 * are taken here, with the values that the schema would give, and all others by the schema.
 */
const usualFirst: FastifySchemaCompiler<unknown> = (route) => {
  const bySchema = validatorCompiler(route as Parameters<typeof validatorCompiler>[0]);
  if (route.httpPart !== 'querystring') return bySchema;
  return (query: Readonly<Record<string, unknown>>) => usualQuery(query) ?? bySchema(query);
};

function usualQuery(query: Readonly<Record<string, unknown>>): { value: { recent: number } } | null {
  for (const name in query) if (name !== 'recent') return null;
  const { recent: count } = query;
  if (count === undefined) return { value: { recent: DEFAULT_RECENT } };
  return typeof count === 'string' && /^(?:\d{1,2}|100)$/.test(count) ? { value: { recent: Number(count) } } : null;
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
  const isBehind = atHand && services.store.shared && isOlder(atHand.etag, request.headers['if-none-match']);
  // Another node has shown its reader more than this one knows yet: nobody shall see a campaign go back.
  if (isBehind) services.reports.touch([{ workspace: principal.workspace, campaignId: id, version: 0 }]);
  else if (atHand) return sendServed(services, request, reply, atHand);
  return services.reports.get(principal.workspace, id, count, mask).then((served) => {
    if (!served) return noCampaign(id);
    return sendServed(services, request, reply, served);
  });
}

function sendServed(
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  { etag, body, report }: ServedReport,
): void {
  reply.header('etag', etag).header('cache-control', 'private, no-cache');
  if (matches(request.headers['if-none-match'], etag)) return void reply.code(304).send();
  tellSeen(services, request, report);
  reply.header('content-type', 'application/json; charset=utf-8').send(body);
}

function tellSeen(services: Services, request: FastifyRequest, { campaignId, recentActivity }: Report): void {
  if (recentActivity.length > 0) services.numbersSeen.shown('report', sightOf(request, campaignId));
}

/** The report of a past moment, folded again from what is stored: slower, and never cached here. */
async function sendPast(
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  { id, count, at }: { readonly id: string; readonly count: number; readonly at: number },
): Promise<void> {
  const principal = principalOf(request);
  if (principal.share)
    throw new HttpProblem('forbidden', 'A share link shows its campaign as it is now, without asOf.');
  if (at > services.now()) throw new HttpProblem('at-in-future', 'asOf must lie in the past.');
  const read = () => services.store.reportAsOf(principal.workspace, id, at, count);
  const report = await heavyRead(services, request, reply, read);
  if (!report) return noCampaign(id);
  if ('mostDeliveries' in report) throw tooLarge(id, report.mostDeliveries);
  if ('deletedBefore' in report) throw recordsDeleted(report.deletedBefore);
  tellSeen(services, request, report);
  reply
    .serializer(asItIs)
    .header('content-type', 'application/json; charset=utf-8')
    .send(JSON.stringify(maskOf(principal) === 'full' ? report : maskReport(report)));
}

function tooLarge(id: string, most: number): HttpProblem {
  const detail = `Campaign ${id} has more than ${most} stored deliveries: reports of its past cannot be made.`;
  return new HttpProblem('campaign-too-large', detail);
}

function recordsDeleted(before: number): HttpProblem {
  const since = iso(before);
  return new HttpProblem('records-deleted', `Records of before ${since} were deleted: ask for ${since} or later.`);
}

/** The body was serialised once for all readers of this revision. */
const asItIs = (body: unknown): string => body as string;

/** @returns whether an ETag is of an earlier version than one that a reader holds of the same store */
export function isOlder(etag: string, held: string | undefined): boolean {
  const own = versionIn(etag);
  const other = held === undefined ? null : versionIn(held);
  return own !== null && other !== null && own.epoch === other.epoch && own.version < other.version;
}

/** A revision is epoch, version and tick. */
function versionIn(etag: string): { readonly epoch: string; readonly version: number } | null {
  const found = /^(?:W\/)?"([^."]+)\.(\d{1,15})\./.exec(etag);
  return found?.[1] && found[2] ? { epoch: found[1], version: Number(found[2]) } : null;
}
