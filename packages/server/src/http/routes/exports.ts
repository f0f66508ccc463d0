import { CallExportQuery, CampaignId, ContactExportQuery } from '@ringside/protocol';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Services } from '../../services.ts';
import type { ExportFormat } from '../../store/reads.ts';
import { sightOf } from '../audit-note.ts';
import type { FileSender } from '../send-file.ts';
import { noCampaign } from './campaigns.ts';
import { callFilterOf, contactFilterOf, readerOf } from './list-filters.ts';

const params = z.object({ id: CampaignId });

const contentTypes: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson; charset=utf-8',
};

/** Whole lists as files. */
export function exportRoutes(instance: FastifyInstance, services: Services, files: FileSender): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const route = { config: { access: 'read', watched: true }, preHandler: files.takeSlot } as const;

  for (const format of ['csv', 'ndjson'] as const) {
    const head = (list: string) => ({ name: `${list}.${format}`, contentType: contentTypes[format] });

    app.get(
      `/v1/campaigns/:id/calls.${format}`,
      {
        ...route,
        schema: {
          tags: ['calls'],
          summary: `All calls as ${format.toUpperCase()}: live ones first, then newest end first`,
          params,
          querystring: CallExportQuery,
        },
      },
      async (request, reply) => {
        const { workspace, mask } = readerOf(request);
        const { id } = request.params;
        const query = { filter: callFilterOf(request.query, mask), format, mask };
        const pieces = await services.store.exportCalls(workspace, id, query);
        if (!pieces) return noCampaign(id);
        if (request.method !== 'HEAD') services.numbersSeen.exported(`calls.${format}`, sightOf(request, id));
        return files.send(reply, pieces, head(`${id}-calls`));
      },
    );

    app.get(
      `/v1/campaigns/:id/contacts.${format}`,
      {
        ...route,
        schema: {
          tags: ['contacts'],
          summary: `All contacts that were called as ${format.toUpperCase()}`,
          params,
          querystring: ContactExportQuery,
        },
      },
      async (request, reply) => {
        const { workspace, mask } = readerOf(request);
        const { id } = request.params;
        const query = { filter: contactFilterOf(request.query), format, mask };
        const pieces = await services.store.exportContacts(workspace, id, query, services.now());
        if (!pieces) return noCampaign(id);
        if (request.method !== 'HEAD') services.numbersSeen.exported(`contacts.${format}`, sightOf(request, id));
        return files.send(reply, pieces, head(`${id}-contacts`));
      },
    );
  }
}
