import type { IncomingMessage } from 'node:http';
import { must } from '@ringside/core';
import type { Permission } from '@ringside/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Authentication, Authenticator } from '../access/authenticator.ts';
import type { LiveGuards } from '../access/live-guards.ts';
import { type Access, authorize, type Principal, type Shared } from '../access/principal.ts';
import type { RateLimits } from '../access/rate-limits.ts';
import { StoreFault } from '../store/store.ts';
import { cookieOf, foreignOrigin, isAllowedOrigin, SESSION_COOKIE, SHARE_COOKIE } from './cookies.ts';
import { campaignNotFound, HttpProblem } from './problems.ts';
import { shareIdOf } from './share-path.ts';
import { WatchedAccess } from './watched-access.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route needs; a route without it does not register. */
    access?: Access;
    /** What of it a share link opens; nothing when left out. */
    shared?: Shared;
    /** Its requests are counted otherwise: by the events that they bring, or, where a provider signed them, by intake. */
    countedAs?: 'events' | 'signed';
    /** Reading it or answering it may take long: its access is watched until the response is over. */
    watched?: true;
  }
  interface FastifyRequest {
    /** Set wherever a permission was needed. */
    principal: Principal | null;
    /** When that was found out, by the clock that never goes back. */
    admittedAt: number;
    /** Set for routes that are `watched`. */
    watchedAccess: WatchedAccess | null;
  }
}

/** A request that takes longer to arrive is asked about again: half of the second in which a revocation must count. */
const STILL_TRUE_MS = 500;

export interface AccessSettings {
  readonly authenticator: Authenticator;
  readonly limits: RateLimits;
  readonly guards: LiveGuards;
  readonly allowedOrigins: readonly string[];
}

/** Puts `authorize` before every route. */
export function installAccess(app: FastifyInstance, settings: AccessSettings): void {
  app.decorateRequest('principal', null);
  app.decorateRequest('admittedAt', 0);
  app.decorateRequest('watchedAccess', null);
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
    if (!(found instanceof Promise)) return done(admit(request, reply, found, needed, settings));
    found
      .catch((error: unknown) => remembered(request, settings.authenticator, needed, error))
      .then((principal) => done(admit(request, reply, principal, needed, settings)), done);
  });
  // The head of a request may come long before its body, and who sent it may have lost their rights in between.
  app.addHook('preValidation', (request, _reply, done) => {
    const { principal, admittedAt } = request;
    if (!principal || performance.now() - admittedAt < STILL_TRUE_MS) return done();
    settings.authenticator.again(principal).then(
      (still) => {
        request.principal = still;
        done(still ? refusalOf(request, still) : new HttpProblem('unauthenticated', 'This access has ended.'));
      },
      whenAway(request, done),
    );
  });
}

/** Storage has gone away since the head of the request came: who was let in to bring events may bring them. */
function whenAway({ routeOptions }: FastifyRequest, done: (error?: Error) => void) {
  return (error: Error): void =>
    done(routeOptions.config.access === 'ingest' && error instanceof StoreFault ? undefined : error);
}

/** @throws the error, unless a key is to take in events and was known before storage went away */
function remembered(request: FastifyRequest, authenticator: Authenticator, needed: Permission, error: unknown) {
  const key = bearerOf(request.headers.authorization);
  const principal =
    needed === 'ingest' && error instanceof StoreFault && key !== null ? authenticator.remembered(key) : null;
  if (!principal) throw error;
  return principal;
}

function bearerOf(authorization: string | undefined): string | null {
  return /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1] ?? null;
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
  reply: FastifyReply,
  found: Authentication | null,
  needed: Permission,
  settings: AccessSettings,
): HttpProblem | undefined {
  if (!found) return new HttpProblem('unauthenticated', 'Send `Authorization: Bearer <api key>`, or sign in.');
  if ('denied' in found) return new HttpProblem('unauthenticated', found.denied);
  const { headers, method } = request;
  if (found.byCookie && !isSafe(method) && !isAllowedOrigin(headers, settings.allowedOrigins)) return foreignOrigin();
  const refusal = refusalOf(request, found, needed);
  if (refusal) return refusal;
  const wait = waitFor(settings.limits, found, request.routeOptions.config.countedAs);
  if (wait > 0) return tooMany(reply, wait);
  request.principal = found;
  request.admittedAt = performance.now();
  if (request.routeOptions.config.watched) request.watchedAccess = new WatchedAccess(settings.guards, found, reply);
  // What only some may see is kept by no proxy and no browser, unless a route knows better.
  reply.header('cache-control', 'no-store');
  return undefined;
}

/** Why the principal may not use the route, if so. */
function refusalOf(
  { params, routeOptions: { config } }: FastifyRequest,
  principal: Principal,
  needed = config.access as Permission,
): HttpProblem | undefined {
  const campaignId = (params as { id?: string } | undefined)?.id;
  const decision = authorize(principal, { needed, shared: config.shared, campaignId });
  if (decision === 'forbidden') return forbidden(principal, needed);
  return decision === 'no-such-campaign' ? campaignNotFound(campaignId ?? '') : undefined;
}

/** Who is over the limit of events is refused before the body is read: to parse it costs more than all the rest. */
function waitFor(limits: RateLimits, principal: Principal, countedAs: 'events' | 'signed' | undefined): number {
  if (countedAs === 'signed') return 0;
  return countedAs === 'events' ? limits.events(principal, 0) : limits.request(principal);
}

function forbidden({ role }: Principal, needed: Permission): HttpProblem {
  const who = role === null ? 'a share link does not give it' : `the role here is ${role}, narrowed by scopes if any`;
  return new HttpProblem('forbidden', `This needs the permission to ${needed}; ${who}.`);
}

/** The refusal of somebody who asks too often. */
export function tooMany(reply: FastifyReply, seconds: number): HttpProblem {
  reply.header('retry-after', seconds);
  return new HttpProblem('too-many-requests', `More was asked than is allowed here. Try again in ${seconds} s.`);
}

/** The principal of a request whose route needs one. */
export function principalOf(request: Pick<FastifyRequest, 'principal'>): Principal {
  if (!request.principal) throw new HttpProblem('unauthenticated', 'Send `Authorization: Bearer <api key>`.');
  return request.principal;
}

/** The watched access of a request whose route says `watched`. */
export function watchedAccessOf(request: FastifyRequest): WatchedAccess {
  return must(request.watchedAccess, `${request.routeOptions.url} must be a watched route`);
}

/** By API key or token of the host, else by cookie. Below `/s/<id>` only the cookie of that share link counts. */
export function authenticate(
  request: Pick<IncomingMessage, 'headers'> & { readonly raw?: IncomingMessage },
  authenticator: Authenticator,
): Authentication | null | Promise<Authentication> {
  const { headers } = request;
  const shareId = shareIdOf(request.raw ?? (request as IncomingMessage));
  if (shareId !== null) {
    const session = cookieOf(headers.cookie, SHARE_COOKIE);
    return session === null ? null : authenticator.bySession(session, shareId);
  }
  if (headers.authorization !== undefined) {
    const proof = bearerOf(headers.authorization);
    return proof === null ? null : authenticator.byBearer(proof);
  }
  const session = cookieOf(headers.cookie, SESSION_COOKIE);
  return session === null ? null : authenticator.bySession(session, null);
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
