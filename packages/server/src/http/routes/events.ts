import type { Delivery } from '@ringside/core';
import { EventBatch, EventInput, type EventResult, EventResults } from '@ringside/protocol';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { callDelivery, campaignDelivery } from '../../ingest/api-event.ts';
import type { ReceiptResult } from '../../ingest/receipt.ts';
import type { Services } from '../../services.ts';
import { principalOf } from '../access-hook.ts';

const BODY_LIMIT = 2 * 1024 * 1024;
const MAX_AHEAD_MS = 5 * 60_000;

/** Provider-neutral events of any dialer. */
export function eventRoutes(instance: FastifyInstance, services: Services): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  app.post(
    '/v1/events',
    {
      bodyLimit: BODY_LIMIT,
      config: { access: 'ingest' },
      schema: {
        tags: ['events'],
        summary: 'Up to 1,000 events; each is answered for itself, and sending one again changes nothing',
        body: EventBatch,
        response: { 200: EventResults },
      },
    },
    async (request) => {
      const { workspace } = principalOf(request);
      const receivedAt = services.now();
      const results = request.body.events.map(async (item, index): Promise<EventResult> => {
        const read = readEvent(item, receivedAt);
        if ('code' in read) return { index, result: 'rejected', ...read };
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

interface Rejection {
  readonly code: string;
  readonly field: string;
  readonly message: string;
}

function readEvent(item: unknown, receivedAt: number): Rejection | { campaignId: string; delivery: Delivery } {
  const parsed = EventInput.safeParse(item);
  if (!parsed.success) return rejection(parsed.error.issues);
  const event = parsed.data;
  if (Date.parse(event.at) > receivedAt + MAX_AHEAD_MS) {
    return { code: 'at-in-future', field: 'at', message: 'lies more than 5 minutes ahead of this server' };
  }
  const delivery = event.type === 'campaign' ? campaignDelivery(event, receivedAt) : callDelivery(event, receivedAt);
  return { campaignId: event.campaignId, delivery };
}

interface Issue {
  readonly path: PropertyKey[];
  readonly message: string;
  readonly code?: string | undefined;
  readonly keys?: string[];
  readonly errors?: readonly (readonly Issue[])[];
}

/** The first thing that is wrong, in the branch of the union that came closest. */
function rejection(issues: readonly Issue[]): Rejection {
  const [first] = issues;
  const branches = first?.errors ?? [];
  if (first?.code === 'invalid_union' && branches.length > 0) {
    const closest = [...branches].sort((a, b) => wrongness(a) - wrongness(b))[0];
    if (closest && closest.length > 0) return rejection(closest);
  }
  const field = first?.keys?.[0] ?? first?.path.join('.') ?? '';
  return { code: 'validation-failed', field, message: first?.message ?? 'is not valid' };
}

/** A branch of another type is further away than one with a wrong field. */
function wrongness(issues: readonly Issue[]): number {
  return issues.some((issue) => issue.path[0] === 'type') ? 1_000 : issues.length;
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
