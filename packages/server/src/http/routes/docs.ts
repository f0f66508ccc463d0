import type { FastifyInstance } from 'fastify';
import { type OpenApi, renderDocs } from '../docs/render.ts';
import { docsStyle } from '../docs/style.ts';
import { PublicDocument } from '../etag.ts';
import { pageHeaders } from '../page-headers.ts';

/** The interface described by itself, from the schemas that validate: for machines and for people. */
export function docsRoutes(app: FastifyInstance): void {
  const open = { config: { access: 'public' }, schema: { hide: true } } as const;
  const json = new PublicDocument('application/json; charset=utf-8', () => JSON.stringify(app.swagger()));
  const page = new PublicDocument('text/html; charset=utf-8', () => renderDocs(app.swagger() as OpenApi));
  const style = new PublicDocument('text/css; charset=utf-8', () => docsStyle);
  app.get('/openapi.json', open, (request, reply) => json.send(request, reply));
  app.get('/docs', open, (request, reply) => page.send(request, reply.headers(pageHeaders)));
  app.get('/docs/style.css', open, (request, reply) => style.send(request, reply));
}
