import { iso } from '@ringside/core';
import { Health } from '@ringside/protocol';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Principal } from '../../access/principal.ts';
import type { Refusal } from '../../ingest/intake-status.ts';
import type { Services } from '../../services.ts';
import { SharedRuns } from '../../shared-runs.ts';
import { principalOf } from '../access-hook.ts';

const Sweep = z
  .object({
    lastRunAt: z.string().nullable(),
    waiting: z.number().int().describe('Calls whose time is up and that have no end yet; at most 10,000 are counted'),
    reconciled: z.number().int().describe('Ends read from the provider’s call-detail record since the start'),
    lost: z.number().int().describe('Calls marked lost since the start'),
    unavailable: z.number().int().describe('Times since the start that the provider could not say'),
    warning: z.string().nullable().describe('Why the provider cannot be asked now; then no call is marked lost'),
  })
  .describe('Calls whose end never came');

const IntakeReport = z.object({
  lastCallbackAt: z.string().nullable(),
  accepted: z.number().int(),
  unchanged: z.number().int(),
  aside: z.number().int(),
  refused: z.number().int(),
  lastRefusal: z.object({ at: z.string(), reason: z.string(), url: z.string() }).nullable(),
  unassigned: z.number().int(),
  waiting: z.number().int(),
  sweep: Sweep,
  publicUrls: z.array(z.string()),
});

const Spool = z.object({
  isAway: z.boolean().describe('What comes in goes to the disk, as the store does not take it'),
  records: z.number().int().describe('What waits on the disk; after the store came back it is being drained'),
  bytes: z.number().int(),
  capBytes: z.number().int(),
  oldestAt: z.string().nullable(),
  deadLetters: z.number().int().describe('What could not be applied; see `ringside spool`'),
  alarm: z
    .enum(['filling', 'full', 'unwritable'])
    .nullable()
    .describe('`filling`: 80 % are taken; with the others callbacks are answered 503 while the store is away'),
});

const Readiness = z.object({
  status: z.enum(['ready', 'not ready']),
  store: z
    .enum(['answers', 'refuses', 'away'])
    .describe('`refuses`: it is read, but takes nothing in, as on a full disk; callbacks are answered 503'),
  spool: Spool.nullable().describe('`null` for the embedded store, which needs none'),
});

const response = { 200: Readiness, 503: Readiness };

/** Whether the server lives, takes work, and hears from the provider. */
export function healthRoutes(instance: FastifyInstance, services: Services): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const tags = ['health'];
  // Probes need no key: at any rate of them, one look at the store runs at a time.
  const looks = new SharedRuns(() => readiness(services));

  app.get(
    '/healthz',
    {
      config: { access: 'public' },
      schema: { tags, summary: 'The process answers, and is Ringside', response: { 200: Health } },
    },
    async (): Promise<Health> => ({ status: 'ok', service: 'ringside' }),
  );

  app.get(
    '/readyz',
    {
      config: { access: 'public' },
      schema: { tags, summary: 'Intake is open: the store answers, or what comes in waits in the spool', response },
    },
    async (_request, reply) => {
      const { ready, ...why } = await looks.run();
      return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', ...why });
    },
  );

  app.get(
    '/v1/intake',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Callbacks since the start: last one, refused ones and why, those that belong to no campaign',
        response: { 200: IntakeReport },
      },
    },
    async (request) => {
      const { lastCallbackAt, lastRefusal, ...counts } = services.status.read();
      const { lastRunAt, ...swept } = services.sweep.read();
      const { unassigned } = await services.store.ping();
      return {
        ...counts,
        lastCallbackAt: lastCallbackAt === null ? null : iso(lastCallbackAt),
        lastRefusal: refusalFor(principalOf(request), lastRefusal),
        unassigned,
        waiting: services.intake.depth,
        sweep: { ...swept, lastRunAt: lastRunAt === null ? null : iso(lastRunAt) },
        publicUrls: [...services.publicUrls],
      };
    },
  );
}

/** Whether this node takes work, and how its storage does. */
export async function readiness({ isReady, store, spool, intake }: ReadinessParts) {
  const answers = await store.ping().then(
    () => true,
    () => false,
  );
  const spooled = spool?.read() ?? null;
  const writes = answers && (spooled !== null || (await intake.takes()));
  // Nobody else could take callbacks better than a node with room in its spool: taking it out would lose them.
  const takesCallbacks = writes || (spooled !== null && (spooled.alarm === null || spooled.alarm === 'filling'));
  return {
    ready: isReady() && takesCallbacks,
    store: writes ? ('answers' as const) : answers ? ('refuses' as const) : ('away' as const),
    spool: spooled && { ...spooled, oldestAt: spooled.oldestAt === null ? null : iso(spooled.oldestAt) },
  };
}

type ReadinessParts = Pick<Services, 'isReady' | 'store' | 'spool' | 'intake'>;

/** Its words name a workspace's URL and account, which are nobody else's business. */
function refusalFor({ workspace, permissions }: Principal, refusal: Refusal | null) {
  if (!refusal || (refusal.workspace !== workspace && !permissions.has('host'))) return null;
  const { at, reason, url } = refusal;
  return { at: iso(at), reason, url };
}
