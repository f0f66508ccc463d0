import { EventBatch, type EventResult, EventResults } from '@ringside/protocol';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { readEvent } from '../../ingest/read-event.ts';
import type { ReceiptResult } from '../../ingest/receipt.ts';
import type { Services } from '../../services.ts';
import { principalOf, tooMany } from '../access-hook.ts';
import { HttpProblem } from '../problems.ts';

const BODY_LIMIT = 2 * 1024 * 1024;

const query = z.strictObject({
  source: z
    .enum(['api', 'import'])
    .default('api')
    .describe(
      '`import`: these events are history taken from somewhere else, and anything told live outranks them. Needs a key with role admin.',
    ),
});

/** Provider-neutral events of any dialer. */
export function eventRoutes(instance: FastifyInstance, services: Services): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  app.post(
    '/v1/events',
    {
      bodyLimit: BODY_LIMIT,
      config: { access: 'ingest', countedAs: 'events' },
      schema: {
        tags: ['events'],
        summary: 'Up to 1,000 events; each is answered for itself, and sending one again changes nothing',
        querystring: query,
        body: EventBatch,
        response: { 200: EventResults },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { workspace } = principal;
      const wait = services.limits.events(principal, request.body.events.length);
      if (wait > 0) throw tooMany(reply, wait);
      const { source } = request.query;
      if (source === 'import' && !principal.permissions.has('administer')) {
        throw new HttpProblem('forbidden', 'Importing history needs a key with the role admin.');
      }
      const receivedAt = services.now();
      const results = request.body.events.map(async (item, index): Promise<EventResult> => {
        const read = readEvent(item, receivedAt, source);
        if ('code' in read) {
          services.intake.counts.count('delivery', 'rejected');
          return { index, result: 'rejected', ...read };
        }
        const { campaignId, delivery } = read;
        return answer(
          index,
          await services.intake.submit({ kind: 'delivery', workspace, receivedAt, campaignId, delivery }),
        );
      });
      return { results: await Promise.all(results) };
    },
  );
}

function answer(index: number, result: ReceiptResult): EventResult {
  switch (result.result) {
    case 'rejected':
      return { index, result: 'rejected', code: result.code };
    case 'aside':
      return { index, result: 'queued' };
    default:
      return { index, result: result.result };
  }
}
