import { PageFault } from '@ringside/protocol';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { withoutSecrets } from '../../access/secrets.ts';
import type { Services } from '../../services.ts';
import { maskText } from '../../store/mask-numbers.ts';
import { principalOf, tooMany } from '../access-hook.ts';

/** Faults of the dashboard, for the log: the person who sees one is seldom the one who can mend it. */
export function pageFaultRoutes(instance: FastifyInstance, { limits }: Services): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();

  app.post(
    '/v1/page-faults',
    {
      config: { access: 'read' },
      schema: {
        tags: ['health'],
        summary: 'A part of the dashboard that could not be shown, for the server’s log',
        body: PageFault,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { workspace, actor } = principalOf(request);
      const wait = limits.pageFault(workspace, actor);
      if (wait > 0) throw tooMany(reply, wait);
      const { message, address, place, version } = request.body;
      const [safeMessage, safeAddress] = [message, address].map((text) => maskText(withoutSecrets(text)));
      request.log.warn({ workspace, actor, address: safeAddress, place, version }, `page fault: ${safeMessage}`);
      return reply.code(204).send(null);
    },
  );
}
