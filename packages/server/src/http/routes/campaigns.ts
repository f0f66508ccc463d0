import { Campaign, CampaignCreate, CampaignId, CampaignList, CampaignPatch, TimelineList } from '@ringside/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { maskOf } from '../../access/principal.ts';
import type { Services } from '../../services.ts';
import { maskCampaign, maskSummary, maskTimelineItem } from '../../store/mask-campaign.ts';
import { decodeCursor } from '../../store/page-cursor.ts';
import { principalOf } from '../access-hook.ts';
import { auditOf } from '../audit-note.ts';
import { checkedCreate, checkedPatch } from '../dial-plan.ts';
import { heavyRead } from '../heavy-read.ts';
import { campaignNotFound, HttpProblem } from '../problems.ts';
import { badCursor } from './list-filters.ts';

const params = z.object({ id: CampaignId });
const CHUNK = 50;
const page = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(512).optional(),
});

const timelinePage = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1_000).default(500),
  cursor: z
    .string()
    .regex(/^[-\d]\d{14}[0-6][\w-]{1,64}$/, 'is not a cursor of a timeline')
    .optional()
    .describe('`nextCursor` of the page before'),
});

/** Campaigns: register, list, read, change. */
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
      const { workspace, name } = principalOf(request);
      const now = services.now();
      const wanted = checkedCreate(request.body, { accounts: services.accounts, workspace });
      const audit = auditOf(request, now, 'campaign.registered', wanted.id, { after: wanted });
      const done = await services.store.register(workspace, wanted, name, now, audit);
      if (done.outcome === 'too-many')
        throw new HttpProblem('too-many-campaigns', 'The workspace takes no more campaigns.');
      services.publish(done.applied);
      if (done.outcome === 'conflict') {
        throw new HttpProblem(
          'campaign-exists',
          `Campaign ${wanted.id} is registered with other values. Read it with GET, change it with PATCH.`,
        );
      }
      await openList(services, workspace, done.campaign);
      return reply.code(done.outcome === 'created' ? 201 : 200).send(shownTo(request, done.campaign));
    },
  );

  app.get(
    '/v1/campaigns',
    {
      config: { access: 'read', shared: 'overview' },
      schema: {
        tags,
        summary: 'Campaigns, newest first, each with its live summary',
        querystring: page,
        response: { 200: CampaignList },
      },
    },
    async (request, reply) => {
      const read = () => campaignsPage(services, principalOf(request).workspace, request.query);
      const { items, nextCursor } = await heavyRead(services, request, reply, read);
      // The response schema would hold the event loop for a hundred milliseconds.
      reply.serializer(JSON.stringify);
      return {
        items: items.map((campaign) => ({ ...shownTo(request, campaign), summary: maskSummary(campaign.summary) })),
        nextCursor,
      };
    },
  );

  app.get(
    '/v1/campaigns/:id',
    {
      config: { access: 'read', shared: 'campaign' },
      schema: { tags, summary: 'One campaign', params, response: { 200: Campaign } },
    },
    async (request) => {
      const found = await services.store.campaign(principalOf(request).workspace, request.params.id, services.now());
      return found ? shownTo(request, found) : noCampaign(request.params.id);
    },
  );

  app.get(
    '/v1/campaigns/:id/timeline',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary:
          'What happened to it: who, why and when. The newest page, oldest first; `nextCursor` leads to what was before',
        params,
        querystring: timelinePage,
        response: { 200: TimelineList },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const { limit, cursor: before = null } = request.query;
      const { id } = request.params;
      const found = await services.store.timeline(principal.workspace, id, { limit, before }, services.now());
      if (!found) return noCampaign(id);
      const items = maskOf(principal) === 'full' ? found.items : found.items.map(maskTimelineItem);
      return { items: [...items], nextCursor: found.next };
    },
  );

  app.patch(
    '/v1/campaigns/:id',
    {
      config: { access: 'operate' },
      schema: { tags, summary: 'Change what was declared', params, body: CampaignPatch, response: { 200: Campaign } },
    },
    async (request) => {
      const { workspace, name } = principalOf(request);
      const { id } = request.params;
      const now = services.now();
      const before = await services.store.campaign(workspace, id, now);
      if (!before) return noCampaign(id);
      const change = checkedPatch(request.body, before, { accounts: services.accounts, workspace });
      const audit = auditOf(request, now, 'campaign.changed', id, { after: change });
      const done = await services.store.patch(workspace, id, change, name, now, audit);
      if (!done) return noCampaign(id);
      services.publish(done.applied);
      if (change.dial) await openList(services, workspace, done.campaign);
      return shownTo(request, done.campaign);
    },
  );
}

type CampaignsPage = Awaited<ReturnType<Services['store']['campaigns']>>;

/** Chunk by chunk: each summary is evaluated where events are applied, and those must not wait for hundreds. */
async function campaignsPage(
  { store, now }: Pick<Services, 'store' | 'now'>,
  workspace: string,
  { limit, cursor }: z.infer<typeof page>,
): Promise<CampaignsPage> {
  const at = now();
  const items: CampaignsPage['items'] = [];
  let next: string | null = cursor ?? null;
  do {
    const after = next === null ? null : decodeCursor(next);
    if (next !== null && !after) throw badCursor();
    const chunk = { limit: Math.min(limit - items.length, CHUNK), after };
    const found: CampaignsPage = await store.campaigns(workspace, chunk, at);
    items.push(...found.items);
    next = found.nextCursor;
  } while (next !== null && items.length < limit);
  return { items, nextCursor: next };
}

/** Whether its record or its list was stored last before a crash: the same request again makes what is missing. */
async function openList({ store }: Services, workspace: string, { id, dialer, dial }: Campaign): Promise<void> {
  if (dialer === 'built-in') await store.dial.openList({ workspace, campaignId: id, account: dial?.account ?? null });
}

function shownTo<T extends Campaign>(request: FastifyRequest, campaign: T): T {
  const principal = principalOf(request);
  const shown = maskOf(principal) === 'full' ? campaign : maskCampaign(campaign);
  return principal.share ? withoutPrivate(shown) : shown;
}

/** What a link shows of a campaign is what its page needs: neither what its owner noted, nor how it is dialed, nor what is heard. */
function withoutPrivate<T extends Campaign>(campaign: T): T {
  return { ...campaign, attributes: {}, answerXml: null, dial: null };
}

/** @throws HttpProblem always */
export function noCampaign(id: string): never {
  throw campaignNotFound(id);
}
