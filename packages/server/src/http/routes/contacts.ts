import { CampaignId, ContactList, ContactsQuery } from '@ringside/protocol';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Services } from '../../services.ts';
import { sightOf } from '../audit-note.ts';
import { heavyRead } from '../heavy-read.ts';
import { noCampaign } from './campaigns.ts';
import { badCursor, contactFilterOf, isUnfiltered, readerOf } from './list-filters.ts';

/** The people of a campaign that were called, and where each stands. */
export function contactRoutes(instance: FastifyInstance, services: Services): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  app.get(
    '/v1/campaigns/:id/contacts',
    {
      config: { access: 'read' },
      schema: {
        tags: ['contacts'],
        summary: 'Contacts that were called, page by page',
        params: z.object({ id: CampaignId }),
        querystring: ContactsQuery,
        response: { 200: ContactList },
      },
    },
    async (request, reply) => {
      const { workspace, mask } = readerOf(request);
      const { limit, cursor = null, ...query } = request.query;
      const filter = contactFilterOf(query);
      const list = { filter, limit, cursor, mask };
      const read = () => services.store.contacts(workspace, request.params.id, list, services.now());
      const found = await (isUnfiltered(filter) ? read() : heavyRead(services, request, reply, read));
      if (found.outcome === 'no-campaign') return noCampaign(request.params.id);
      if (found.outcome === 'bad-cursor') throw badCursor();
      if (found.items.length > 0) services.numbersSeen.shown('contacts', sightOf(request, request.params.id));
      return { items: [...found.items], nextCursor: found.nextCursor };
    },
  );
}
