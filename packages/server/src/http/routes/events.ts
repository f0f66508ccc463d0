import { EventBatch, type EventResult, EventResults } from '@ringside/protocol';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { readEvent } from '../../ingest/read-event.ts';
import type { ReceiptResult } from '../../ingest/receipt.ts';
import type { Services } from '../../services.ts';
import { CHANGES_PER_DAY } from '../../store/limits.ts';
import { StoreIsAway } from '../../store/store.ts';
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
        // A key that is only remembered is good for live events; what it may do beyond that must be asked.
        if (principal.isRemembered) throw new StoreIsAway('the rights of this key cannot be looked up');
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
        const receipt = { workspace, receivedAt, campaignId, delivery, isLimited: source === 'api' };
        return answer(index, await services.intake.submit({ kind: 'delivery', ...receipt }));
      });
      const answers = await Promise.all(results);
      if (answers.length > 0 && answers.every(isTooMany)) {
        reply.header('retry-after', Math.ceil((DAY_MS - (receivedAt % DAY_MS)) / 1_000));
        throw new HttpProblem('too-many-events', TOO_MANY);
      }
      return { results: answers };
    },
  );
}

const DAY_MS = 86_400_000;
const TOO_MANY = `A campaign takes ${CHANGES_PER_DAY} changes a day (UTC) from its dialer. Send those that change something; nothing that was taken is lost.`;

function isTooMany(answer: EventResult): boolean {
  return answer.result === 'rejected' && answer.code === 'too-many-events';
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
