import { existsSync } from 'node:fs';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { pageFolder } from '../page-answer.ts';
import { pageHeaders, sharedPageHeaders } from '../page-headers.ts';

/** Serves the dashboard: hashed assets for ever, the page itself always fresh, and the page for every page route. */
export async function pageRoutes(app: FastifyInstance): Promise<void> {
  if (!existsSync(pageFolder)) return;
  await app.register(fastifyStatic, { root: pageFolder, serve: false, preCompressed: true });
  const index = { config: { access: 'public' }, schema: { hide: true } } as const;
  app.get('/assets/*', index, (request, reply) => {
    const { '*': name } = request.params as { '*': string };
    // A way up would lead to the page itself, without the headers that guard it.
    if (name.includes('..')) return reply.callNotFound();
    return reply
      .header('x-content-type-options', 'nosniff')
      .sendFile(`assets/${name}`, { maxAge: 31_536_000_000, immutable: true });
  });
  app.get('/s/:shareId', index, (_request, reply) => {
    const headers = { 'cache-control': 'no-cache', ...sharedPageHeaders };
    return reply.headers(headers).sendFile('index.html', { cacheControl: false });
  });
  for (const url of ['/', '/campaigns/*', '/new', '/new/*', '/sign-in', '/settings', '/settings/*']) {
    app.get(url, index, (_request, reply) => {
      const headers = { 'cache-control': 'no-cache', ...pageHeaders };
      return reply.headers(headers).sendFile('index.html', { cacheControl: false });
    });
  }
}
