import { Call, CallDetail, CallList, CallsQuery, CampaignId, LeadInput } from '@ringside/protocol';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { verdictDelivery } from '../../ingest/verdict.ts';
import type { Services } from '../../services.ts';
import { maskDetail } from '../../store/mask-numbers.ts';
import { auditOf, sightOf } from '../audit-note.ts';
import { heavyRead } from '../heavy-read.ts';
import { HttpProblem } from '../problems.ts';
import { noCampaign } from './campaigns.ts';
import { badCursor, callFilterOf, isUnfiltered, readerOf } from './list-filters.ts';

const campaign = z.object({ id: CampaignId });
const oneCall = z.object({ id: CampaignId, callId: z.string().min(1).max(256).describe('Any id of the call') });

/** The calls of a campaign: find, look into, judge. */
export function callRoutes(instance: FastifyInstance, services: Services): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const tags = ['calls'];

  app.get(
    '/v1/campaigns/:id/calls',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Calls, filtered and sorted, page by page',
        params: campaign,
        querystring: CallsQuery,
        response: { 200: CallList },
      },
    },
    async (request, reply) => {
      const { workspace, mask } = readerOf(request);
      const { sort, order, limit, cursor = null, ...query } = request.query;
      const filter = callFilterOf(query, mask);
      const { id } = request.params;
      const read = () => services.store.calls(workspace, id, { filter, sort, order, limit, cursor, mask });
      // The index of ends leads to any page of the plain list; all else goes over the whole campaign.
      const isPlain = sort === 'endTime' && isUnfiltered(filter);
      const found = await (isPlain ? read() : heavyRead(services, request, reply, read));
      if (found.outcome === 'no-campaign') return noCampaign(id);
      if (found.outcome === 'bad-cursor') throw badCursor();
      if (found.items.length > 0) services.numbersSeen.shown('calls', sightOf(request, id));
      return { items: [...found.items], nextCursor: found.nextCursor };
    },
  );

  app.get(
    '/v1/campaigns/:id/calls/:callId',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'One call by any of its ids, with its timeline',
        params: oneCall,
        response: { 200: CallDetail },
      },
    },
    async (request) => {
      const call = await readCall(services, readerOf(request), request.params);
      services.numbersSeen.shown('call', sightOf(request, request.params.id));
      return call;
    },
  );

  app.post(
    '/v1/campaigns/:id/calls/:callId/lead',
    {
      config: { access: 'operate' },
      schema: {
        tags,
        summary: 'Say how good the lead is; a person’s word beats every rule and every bot',
        params: oneCall,
        body: LeadInput,
        response: { 200: Call },
      },
    },
    async (request) => {
      const reader = readerOf(request);
      const call = await readCall(services, reader, request.params);
      const { id: campaignId, callId } = request.params;
      const delivery = verdictDelivery(call, callId, request.body, services.now());
      const { receivedAt } = delivery;
      const { workspace } = reader;
      const audit = auditOf(request, receivedAt, 'lead.judged', `${campaignId}/${maskDetail(call).callUUID}`, {
        after: request.body,
      });
      const receipt = { kind: 'delivery', workspace, receivedAt, campaignId, delivery, audit } as const;
      const done = await services.intake.submit(receipt);
      if (done.result === 'rejected') throw new HttpProblem(done.code, 'The verdict could not be stored.');
      services.numbersSeen.shown('call', sightOf(request, campaignId));
      return readCall(services, reader, request.params);
    },
  );
}

async function readCall(
  services: Services,
  { workspace, mask }: ReturnType<typeof readerOf>,
  { id, callId }: z.infer<typeof oneCall>,
): Promise<CallDetail> {
  const found = await services.store.call(workspace, id, callId, mask);
  if (found.outcome === 'no-campaign') return noCampaign(id);
  if (found.outcome === 'no-call') throw new HttpProblem('call-not-found', `Campaign ${id} has no call ${callId}.`);
  return found.call;
}
