import type { FastifyInstance } from 'fastify';
import { type OpenApi, renderDocs } from '../docs/render.ts';
import { docsStyle } from '../docs/style.ts';
import { pageHeaders } from '../page-headers.ts';

/** The interface described by itself, from the schemas that validate: for machines and for people. */
export function docsRoutes(app: FastifyInstance): void {
  const open = { config: { access: 'public' }, schema: { hide: true } } as const;
  let page: string | null = null;
  app.get('/openapi.json', open, async () => app.swagger());
  app.get('/docs', open, (_request, reply) => {
    page ??= renderDocs(app.swagger() as OpenApi);
    return reply.headers(pageHeaders).type('text/html; charset=utf-8').send(page);
  });
  app.get('/docs/style.css', open, (_request, reply) => reply.type('text/css; charset=utf-8').send(docsStyle));
}
