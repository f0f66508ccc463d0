import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticator } from '../access/authenticator.ts';
import { type Access, authorize, type Permission, type Principal } from '../access/principal.ts';
import { HttpProblem } from './problems.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route needs; a route without it does not register. */
    access?: Access;
  }
  interface FastifyRequest {
    /** Set wherever a permission was needed. */
    principal: Principal | null;
  }
}

export const SESSION_COOKIE = 'ringside_session';

export interface AccessSettings {
  readonly authenticator: Authenticator;
  readonly allowedOrigins: readonly string[];
}

/** Puts `authorize` before every route. */
export function installAccess(app: FastifyInstance, settings: AccessSettings): void {
  app.decorateRequest('principal', null);
  app.addHook('onRoute', (route) => {
    if (route.config?.access === undefined)
      throw new Error(`route ${route.method} ${route.url} does not say its access`);
  });
  // A callback hook: with the principal at hand, as it is for every poll but the first in a second, nothing is awaited.
  app.addHook('onRequest', (request, reply, done) => {
    answerCors(request, reply, settings.allowedOrigins);
    const needed = request.routeOptions.config?.access;
    if (needed === undefined || needed === 'public' || needed === 'signed') return done();
    const found = authenticate(request, settings.authenticator);
    if (!(found instanceof Promise)) return done(admit(request, found, needed, settings));
    found.then((principal) => done(admit(request, principal, needed, settings)), done);
  });
}

/** Answers a browser that asks beforehand whether a page of another origin may call us. */
export function preflightRoute(app: FastifyInstance, allowedOrigins: readonly string[]): void {
  app.options('/*', { config: { access: 'public' }, schema: { hide: true } }, (request, reply) => {
    const { origin } = request.headers;
    if (origin === undefined || !allowedOrigins.includes(origin)) throw foreignOrigin();
    return reply
      .code(204)
      .header('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE')
      .header('access-control-allow-headers', 'authorization, content-type, if-none-match, idempotency-key')
      .header('access-control-max-age', '600')
      .send();
  });
}

/** Gives the request its principal. @returns the refusal, if there is one */
function admit(
  request: FastifyRequest,
  principal: Principal | null,
  needed: Permission,
  settings: AccessSettings,
): HttpProblem | undefined {
  if (!principal) return new HttpProblem('unauthenticated', 'Send `Authorization: Bearer <api key>`, or sign in.');
  if (
    principal.via === 'session' &&
    !isSafe(request.method) &&
    !isAllowedOrigin(request.headers, settings.allowedOrigins)
  ) {
    return foreignOrigin();
  }
  if (!authorize(principal, needed)) {
    return new HttpProblem(
      'forbidden',
      `This needs the permission to ${needed}; the key has the role ${principal.role}.`,
    );
  }
  request.principal = principal;
  return undefined;
}

/** The principal of a request whose route needs one. */
export function principalOf(request: FastifyRequest): Principal {
  if (!request.principal) throw new HttpProblem('unauthenticated', 'Send `Authorization: Bearer <api key>`.');
  return request.principal;
}

/** By API key, else by session cookie. */
export function authenticate(
  request: { readonly headers: FastifyRequest['headers'] },
  authenticator: Authenticator,
): Principal | null | Promise<Principal | null> {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const key = /^Bearer (\S+)$/i.exec(authorization)?.[1];
    return key === undefined ? null : authenticator.byKey(key);
  }
  const session = cookieOf(request.headers.cookie, SESSION_COOKIE);
  return session === null ? null : authenticator.bySession(session);
}

/** The value of one cookie. */
export function cookieOf(header: string | undefined, name: string): string | null {
  for (const part of header?.split(';') ?? []) {
    const [key, value] = part.split('=', 2);
    if (key?.trim() === name) return value?.trim() ?? null;
  }
  return null;
}

/** A browser names the page that asks; our own and the allowed ones may. */
export function isAllowedOrigin(headers: FastifyRequest['headers'], allowed: readonly string[]): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return false;
  if (allowed.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** A cookie travels with any request a browser makes, so a change by cookie must come from a page of ours. */
export function foreignOrigin(): HttpProblem {
  return new HttpProblem('origin-refused', 'The request must come from this site or from one of ALLOWED_ORIGINS.');
}

function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

function answerCors(request: FastifyRequest, reply: FastifyReply, allowed: readonly string[]): void {
  const { origin } = request.headers;
  if (origin === undefined || !allowed.includes(origin)) return;
  reply
    .header('access-control-allow-origin', origin)
    .header('access-control-allow-credentials', 'true')
    .header('access-control-expose-headers', 'etag, retry-after')
    .header('vary', 'origin');
}
