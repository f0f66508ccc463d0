import { CallExportQuery, CampaignId, ContactExportQuery } from '@ringside/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Slots } from '../../access/slots.ts';
import type { Services } from '../../services.ts';
import type { ExportFormat } from '../../store/reads.ts';
import { principalOf, tooMany } from '../access-hook.ts';
import { sightOf } from '../audit-note.ts';
import { fileSender } from '../send-file.ts';
import { noCampaign } from './campaigns.ts';
import { callFilterOf, contactFilterOf, readerOf } from './list-filters.ts';

/** All files are made by one thread: a workspace that asks for many must not make the others wait for theirs. */
const MOST_AT_ONCE = 8;
const RETRY_SECONDS = 10;

const params = z.object({ id: CampaignId });

const contentTypes: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson; charset=utf-8',
};

/** Whole lists as files. */
export function exportRoutes(instance: FastifyInstance, services: Services): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const sendFile = fileSender(instance, services.guards);
  const slots = new Slots(MOST_AT_ONCE);
  const takeSlot = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
    const release = slots.take(principalOf(request).workspace);
    if (!release) return done(tooMany(reply, RETRY_SECONDS));
    // However it ends: sent, refused, or left by who asked.
    reply.raw.once('close', release);
    done();
  };

  for (const format of ['csv', 'ndjson'] as const) {
    const head = (list: string) => ({ name: `${list}.${format}`, contentType: contentTypes[format] });

    app.get(
      `/v1/campaigns/:id/calls.${format}`,
      {
        config: { access: 'read' },
        preHandler: takeSlot,
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
        return sendFile(reply, pieces, head(`${id}-calls`));
      },
    );

    app.get(
      `/v1/campaigns/:id/contacts.${format}`,
      {
        config: { access: 'read' },
        preHandler: takeSlot,
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
        return sendFile(reply, pieces, head(`${id}-contacts`));
      },
    );
  }
}
