import {
  Campaign,
  CampaignCreate,
  CampaignId,
  CampaignList,
  CampaignPatch,
  problem,
  TimelineList,
} from '@ringside/protocol';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Services } from '../../services.ts';
import { principalOf } from '../access-hook.ts';
import { HttpProblem } from '../problems.ts';

const params = z.object({ id: CampaignId });
const page = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(512).optional(),
});

/** Campaigns of external dialers: register, list, read, change. */
export function campaignRoutes(instance: FastifyInstance, services: Services): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const tags = ['campaigns'];

  app.post(
    '/v1/campaigns',
    {
      config: { access: 'operate' },
      schema: {
        tags,
        summary: 'Register a campaign, or adopt one that callbacks made',
        body: CampaignCreate,
        response: { 200: Campaign, 201: Campaign },
      },
    },
    async (request, reply) => {
      const { workspace, keyId } = principalOf(request);
      const done = await services.store.register(workspace, request.body, keyId, services.now());
      if (done.outcome === 'too-many')
        throw new HttpProblem('too-many-campaigns', 'The workspace takes no more campaigns.');
      services.publish(done.applied);
      if (done.outcome === 'conflict') {
        throw new HttpProblem(
          'campaign-exists',
          `Campaign ${request.body.id} is registered with other values. Read it with GET, change it with PATCH.`,
        );
      }
      return reply.code(done.outcome === 'created' ? 201 : 200).send(done.campaign);
    },
  );

  app.get(
    '/v1/campaigns',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Campaigns, newest first, each with its live summary',
        querystring: page,
        response: { 200: CampaignList },
      },
    },
    (request) => {
      const { limit, cursor = null } = request.query;
      return services.store.campaigns(principalOf(request).workspace, { limit, cursor }, services.now());
    },
  );

  app.get(
    '/v1/campaigns/:id',
    { config: { access: 'read' }, schema: { tags, summary: 'One campaign', params, response: { 200: Campaign } } },
    async (request) => {
      const found = await services.store.campaign(principalOf(request).workspace, request.params.id, services.now());
      return found ?? noCampaign(request.params.id);
    },
  );

  app.get(
    '/v1/campaigns/:id/timeline',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'What happened to it: who, why and when', params, response: { 200: TimelineList } },
    },
    async (request) => {
      const { workspace } = principalOf(request);
      const items = await services.store.timeline(workspace, request.params.id, services.now());
      return items ? { items, nextCursor: null } : noCampaign(request.params.id);
    },
  );

  app.patch(
    '/v1/campaigns/:id',
    {
      config: { access: 'operate' },
      schema: { tags, summary: 'Change what was declared', params, body: CampaignPatch, response: { 200: Campaign } },
    },
    async (request) => {
      const { workspace, keyId } = principalOf(request);
      const done = await services.store.patch(workspace, request.params.id, request.body, keyId, services.now());
      if (!done) return noCampaign(request.params.id);
      services.publish(done.applied);
      return done.campaign;
    },
  );
}

/** Unknown here, or another workspace's: the answer is the same. */
export function noCampaign(id: string): never {
  throw new HttpProblem('campaign-not-found', problem('campaign-not-found', `There is no campaign ${id} here.`).detail);
}
