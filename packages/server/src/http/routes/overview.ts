import { Overview } from '@ringside/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { ServedOverview } from '../../reports/overview.ts';
import type { Services } from '../../services.ts';
import { principalOf } from '../access-hook.ts';
import { matches } from '../etag.ts';

/** The overview, by polling. */
export function overviewRoutes(instance: FastifyInstance, { overviews }: Services): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  app.get(
    '/v1/overview',
    {
      config: { access: 'read', shared: 'overview' },
      schema: {
        tags: ['report'],
        summary: 'The workspace at a glance, with ETag and 304',
        response: { 200: Overview },
      },
    },
    async (request, reply) => sendServed(request, reply, await overviews.serve(principalOf(request).workspace)),
  );
}

function sendServed(request: FastifyRequest, reply: FastifyReply, { etag, body }: ServedOverview): void {
  reply.header('etag', etag).header('cache-control', 'private, no-cache');
  if (matches(request.headers['if-none-match'], etag)) reply.code(304).send();
  else reply.header('content-type', 'application/json; charset=utf-8').send(body);
}
