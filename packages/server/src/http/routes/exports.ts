import { Readable } from 'node:stream';
import { CallExportQuery, CampaignId, ContactExportQuery } from '@ringside/protocol';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Services } from '../../services.ts';
import type { ExportFormat } from '../../store/reads.ts';
import { noCampaign } from './campaigns.ts';
import { callFilterOf, contactFilterOf, readerOf } from './list-filters.ts';

const params = z.object({ id: CampaignId });

const contentTypes: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson; charset=utf-8',
};

/** Whole lists as files. They are read piece by piece, as fast as the reader takes them, and end with the reader. */
export function exportRoutes(instance: FastifyInstance, services: Services): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const open = new Set<Readable>();
  // A file on its way must not hold up the end of the server; cut off, it is seen to be incomplete.
  app.addHook('preClose', async () => {
    for (const file of open) file.destroy();
  });

  function send(reply: FastifyReply, pieces: AsyncIterable<Uint8Array>, name: string, format: ExportFormat) {
    const file = Readable.from(pieces, { objectMode: false, highWaterMark: 1 });
    open.add(file);
    file.on('close', () => open.delete(file));
    return reply
      .header('content-type', contentTypes[format])
      .header('content-disposition', `attachment; filename="${name.replaceAll(':', '_')}.${format}"`)
      .header('cache-control', 'no-store')
      .header('x-content-type-options', 'nosniff')
      .send(file);
  }

  for (const format of ['csv', 'ndjson'] as const) {
    app.get(
      `/v1/campaigns/:id/calls.${format}`,
      {
        config: { access: 'read' },
        schema: {
          tags: ['calls'],
          summary: `All calls as ${format.toUpperCase()}, live ones first, then newest end first`,
          params,
          querystring: CallExportQuery,
        },
      },
      async (request, reply) => {
        const { workspace, mask } = readerOf(request);
        const { id } = request.params;
        const query = { filter: callFilterOf(request.query, mask), format, mask };
        const pieces = await services.store.exportCalls(workspace, id, query);
        return pieces ? send(reply, pieces, `${id}-calls`, format) : noCampaign(id);
      },
    );

    app.get(
      `/v1/campaigns/:id/contacts.${format}`,
      {
        config: { access: 'read' },
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
        return pieces ? send(reply, pieces, `${id}-contacts`, format) : noCampaign(id);
      },
    );
  }
}
