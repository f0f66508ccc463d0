import type { FastifyPluginAsync } from 'fastify';
import type { TeeOptions } from './options.ts';
import { createTee, type Tee } from './tee.ts';

export type { Drop, Refusal, TeeProblem } from './notices.ts';
export type { TeeOptions } from './options.ts';
export { createTee, type Tee, type TeeStatus } from './tee.ts';

/** Options of a new tee, or a tee that the host made with `createTee`, to ask for its status. */
export type TeePluginOptions = TeeOptions | { readonly tee: Tee };

const plugin: FastifyPluginAsync<TeePluginOptions> = async (fastify, options) => {
  const tee = 'tee' in options ? options.tee : createTee(options);
  // The tee looks at the raw request before any hook or parser reads it, so it needs no stream of its own.
  fastify.addHook('onRequest', (request, reply, next) => {
    tee.observe(request.raw, reply.raw, request.originalUrl);
    next();
  });
  fastify.addHook('onClose', () => tee.close());
};

/**
 * A Fastify plugin that passes Plivo's callbacks on to Ringside after the host has answered them. It sees the routes of
 * the scope it is registered in, and delivers what waits when the host closes.
 *
 * ```ts
 * await app.register(ringsideTee, { url: 'https://ringside.example', key, publicUrl: 'https://calls.example' });
 * ```
 *
 * Registering fails with a TypeError when an option cannot be used. Nothing is thrown later.
 */
export const ringsideTee: FastifyPluginAsync<TeePluginOptions> = Object.assign(plugin, {
  // What fastify-plugin would set: the hooks are the scope's own, not those of a scope below it.
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: 'ringside-tee',
});
