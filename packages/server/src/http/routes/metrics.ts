import type { FastifyInstance } from 'fastify';
import type { Services } from '../../services.ts';

/** Everything that is counted, for Prometheus. It tells of all workspaces together, so their keys do not open it. */
export function metricsRoutes(app: FastifyInstance, { metrics, config }: Services): void {
  app.get(
    '/metrics',
    {
      config: { access: config.metricsOpen ? 'public' : 'metrics' },
      schema: { tags: ['health'], summary: 'Counts and gauges of this node in Prometheus’s text format' },
    },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()),
  );
}
