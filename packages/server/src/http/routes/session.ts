import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Services } from '../../services.ts';
import { cookieOf, foreignOrigin, isAllowedOrigin, principalOf, SESSION_COOKIE } from '../access-hook.ts';
import { HttpProblem } from '../problems.ts';

const Session = z.object({ workspace: z.string(), role: z.enum(['viewer', 'operator', 'admin']) });

/** Sign-in of the page: a key, or the one-time token of the printed link, for a cookie. */
export function sessionRoutes(instance: FastifyInstance, services: Services): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const tags = ['session'];

  app.post(
    '/v1/session',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'Sign in with an API key or a one-time token',
        body: z.union([
          z.strictObject({ key: z.string().min(1).max(512) }),
          z.strictObject({ token: z.string().min(1).max(512) }),
        ]),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { headers } = request;
      if (headers.origin !== undefined && !isAllowedOrigin(headers, services.config.allowedOrigins))
        throw foreignOrigin();
      const keyId =
        'token' in request.body
          ? services.authenticator.redeem(request.body.token)
          : (await services.authenticator.byKey(request.body.key))?.keyId;
      if (!keyId)
        throw new HttpProblem('unauthenticated', 'This key or link is not valid, or the link was used before.');
      const { session, seconds } = await services.authenticator.startSession(keyId);
      return setCookie(services, reply, session, seconds).code(204).send(null);
    },
  );

  app.get(
    '/v1/session',
    { config: { access: 'read' }, schema: { tags, summary: 'Who is signed in', response: { 200: Session } } },
    async (request) => {
      const { workspace, role } = principalOf(request);
      return { workspace, role };
    },
  );

  app.delete(
    '/v1/session',
    { config: { access: 'read' }, schema: { tags, summary: 'Sign out', response: { 204: z.null() } } },
    async (request, reply) => {
      const session = cookieOf(request.headers.cookie, SESSION_COOKIE);
      if (session !== null) await services.authenticator.endSession(session);
      return setCookie(services, reply, '', 0).code(204).send(null);
    },
  );
}

function setCookie(services: Services, reply: FastifyReply, value: string, seconds: number): FastifyReply {
  const secure = services.publicUrls.some((url) => url.startsWith('https:')) ? '; Secure' : '';
  const cookie = `${SESSION_COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure}`;
  return reply.header('set-cookie', cookie).header('cache-control', 'no-store');
}
