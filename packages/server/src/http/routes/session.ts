import { iso } from '@ringside/core';
import { LiveTicket, SessionInfo } from '@ringside/protocol';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { SessionOwner } from '../../access/authenticator.ts';
import type { Principal } from '../../access/principal.ts';
import type { Services } from '../../services.ts';
import { SIMULATION_WORKSPACE } from '../../store/limits.ts';
import { principalOf, tooMany } from '../access-hook.ts';
import { auditOf } from '../audit-note.ts';
import { cookieOf, cookieText, foreignOrigin, isAllowedOrigin, isSecure, SESSION_COOKIE } from '../cookies.ts';
import { HttpProblem } from '../problems.ts';

const secret = z.string().min(1).max(512);
const SignIn = z.union([
  z.strictObject({ key: secret }),
  z.strictObject({ token: secret }),
  z.strictObject({ jwt: z.string().min(1).max(8_192) }),
]);

/** Sign-in of the page: a key, a login of the host application, or the one-time token of the printed link, for a cookie. */
export function sessionRoutes(instance: FastifyInstance, services: Services): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const tags = ['session'];

  app.post(
    '/v1/session',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'Sign in with an API key, a JWT of the host application, or a one-time token',
        body: SignIn,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { headers } = request;
      if (headers.origin !== undefined && !isAllowedOrigin(headers, services.config.allowedOrigins))
        throw foreignOrigin();
      const owner = await ownerOf(services, request.body);
      const actor = owner.keyId === null ? `user:${owner.login?.subject}` : `key:${owner.keyId}`;
      const wait = services.limits.signIn(owner.workspace, actor);
      if (wait > 0) throw tooMany(reply, wait);
      const audit = { at: services.now(), workspace: owner.workspace, actor, address: request.ip };
      const started = await services.authenticator.startSession(owner, {
        ...audit,
        action: 'session.started',
        target: null,
      });
      return setCookie(services, reply, started.session, started.seconds).code(204).send(null);
    },
  );

  app.get(
    '/v1/session',
    {
      config: { access: 'read', shared: 'any' },
      schema: { tags, summary: 'Who is signed in', response: { 200: SessionInfo } },
    },
    async (request) => {
      const { workspace, home, role, permissions, share, expiresAt } = principalOf(request);
      return {
        ...{ workspace, workspaceName: home.name, timeZone: home.timeZone, role, permissions: [...permissions] },
        share: share && { campaignId: share.campaignId, expiresAt: iso(expiresAt ?? services.now()) },
        simulated: workspace === SIMULATION_WORKSPACE,
      };
    },
  );

  app.delete(
    '/v1/session',
    { config: { access: 'read' }, schema: { tags, summary: 'Sign out', response: { 204: z.null() } } },
    async (request, reply) => {
      const session = cookieOf(request.headers.cookie, SESSION_COOKIE);
      if (session !== null) {
        await services.authenticator.endSession(session, auditOf(request, services.now(), 'session.ended'));
        await services.accessChanged();
      }
      return setCookie(services, reply, '', 0).code(204).send(null);
    },
  );

  app.post(
    '/v1/live/tickets',
    {
      config: { access: 'read', shared: 'any' },
      schema: {
        tags: ['live'],
        summary: 'A pass for one WebSocket connection, good once and for 30 s, from the page that asks',
        body: z.strictObject({}).nullish(),
        response: { 201: LiveTicket },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const wait = services.liveConnections.takeTicket(principal);
      if (wait > 0) throw tooMany(reply, wait);
      const made = await services.authenticator.makeTicket(principal, request.headers.origin ?? null);
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ...made, expiresAt: iso(made.expiresAt) });
    },
  );
}

/** Whom the proof stands for. */
async function ownerOf({ authenticator }: Services, body: z.infer<typeof SignIn>): Promise<SessionOwner> {
  if ('token' in body) {
    const owner = await authenticator.redeem(body.token);
    if (!owner) throw new HttpProblem('unauthenticated', 'This link is not valid, or was used before.');
    return owner;
  }
  const found = await authenticator.byBearer('key' in body ? body.key : body.jwt);
  if ('denied' in found) throw new HttpProblem('unauthenticated', found.denied);
  return sessionOwner(found);
}

function sessionOwner({ bearer, expiresAt }: Principal): SessionOwner {
  const { workspace, keyId, login } = bearer;
  return { workspace, keyId, login, expiresAt };
}

function setCookie(services: Services, reply: FastifyReply, value: string, seconds: number): FastifyReply {
  const secure = isSecure(reply.request, services.publicUrls);
  return reply
    .header('set-cookie', cookieText(SESSION_COOKIE, value, { path: '/', seconds, secure }))
    .header('cache-control', 'no-store');
}
