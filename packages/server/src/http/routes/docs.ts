import type { FastifyInstance } from 'fastify';

/** The interface described by itself, from the schemas that validate. */
export function docsRoutes(app: FastifyInstance): void {
  app.get('/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, async () => app.swagger());
}
