import type { IncomingMessage } from 'node:http';
import swagger from '@fastify/swagger';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { Access, Shared } from '../access/principal.ts';
import { sseRoutes } from '../live/sse.ts';
import type { Services } from '../services.ts';
import { installAccess, preflightRoute } from './access-hook.ts';
import { keepAddresses } from './client-address.ts';
import { handleInTurn } from './in-turn.ts';
import { ListDesk } from './list-desk.ts';
import { frameworkErrors, installProblems } from './problems.ts';
import { attemptRoutes } from './routes/attempts.ts';
import { auditRoutes } from './routes/audit.ts';
import { callRoutes } from './routes/calls.ts';
import { campaignRoutes } from './routes/campaigns.ts';
import { contactUploadRoutes } from './routes/contact-uploads.ts';
import { contactRoutes } from './routes/contacts.ts';
import { controlRoutes } from './routes/control.ts';
import { controlWebhookRoutes } from './routes/control-webhook.ts';
import { doNotCallRoutes } from './routes/do-not-call.ts';
import { docsRoutes } from './routes/docs.ts';
import { erasureRoutes } from './routes/erasures.ts';
import { eventRoutes } from './routes/events.ts';
import { exportRoutes } from './routes/exports.ts';
import { healthRoutes } from './routes/health.ts';
import { keyRoutes } from './routes/keys.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { overviewRoutes } from './routes/overview.ts';
import { pageRoutes } from './routes/page.ts';
import { pageFaultRoutes } from './routes/page-faults.ts';
import { plivoRoutes } from './routes/plivo.ts';
import { providerAccountRoutes } from './routes/provider-accounts.ts';
import { rawRoutes } from './routes/raw.ts';
import { reportRoutes } from './routes/report.ts';
import { sessionRoutes } from './routes/session.ts';
import { settingsRoutes } from './routes/settings.ts';
import { shareLinkRoutes } from './routes/share-links.ts';
import { simulationRoutes } from './routes/simulation.ts';
import { workspaceRoutes } from './routes/workspaces.ts';
import { FileSender } from './send-file.ts';
import { withoutShare } from './share-path.ts';
import { installTextCheck } from './text-check.ts';

const JSON_LIMIT = 256 * 1024;
const LONGEST_PARAMETER = 200;
/** A connection on which nothing moves for this long is closed: its client may ask and never read the answer. */
const STALLED_MS = 120_000;

/** A route and who may use it. */
export interface RouteRow {
  readonly method: string;
  readonly url: string;
  readonly access: Access | undefined;
  readonly shared: Shared | undefined;
}

/** The HTTP interface over the given services. @returns the app, and what ends its open streams */
export async function buildApp(
  services: Services,
  log: FastifyBaseLogger,
): Promise<{ app: FastifyInstance; routes: readonly RouteRow[]; endStreams: () => void }> {
  const { trustProxy } = services.config;
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    // A logger of each request's own costs as much as the access check, for a number that nothing else knows.
    childLoggerFactory: (logger) => logger,
    bodyLimit: JSON_LIMIT,
    rewriteUrl: (request) => withoutShare(request as IncomingMessage),
    trustProxy: typeof trustProxy === 'boolean' ? trustProxy : [...trustProxy],
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
    frameworkErrors: (error, request, reply) => {
      services.requests.unrouted(400);
      frameworkErrors(error, request, reply);
    },
    requestTimeout: 30_000,
    connectionTimeout: STALLED_MS,
    forceCloseConnections: 'idle',
  });
  const routes: RouteRow[] = [];
  app.addHook('onRoute', ({ method, url, config }) => {
    for (const one of [method].flat())
      routes.push({ method: one, url, access: config?.access, shared: config?.shared });
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  handleInTurn(app);
  app.addHook('onRequest', ({ raw, headers, method }, _reply, done) => {
    keepAddresses(raw);
    // Many programs name a type on every request; a DELETE, or a command without words, has no body that it could be of.
    const isEmpty = (headers['content-length'] ?? '0') === '0' && headers['transfer-encoding'] === undefined;
    if (isEmpty && (method === 'DELETE' || method === 'POST')) delete headers['content-type'];
    done();
  });
  services.requests.install(app);
  installProblems(app, services.requests);
  installTextCheck(app);
  const { authenticator, limits, guards, config } = services;
  installAccess(app, { authenticator, limits, guards, allowedOrigins: config.allowedOrigins });
  const files = new FileSender(app);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Ringside',
        description: 'Live reporting for outbound voice-call campaigns',
        version: services.version,
      },
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
    },
    transform: jsonSchemaTransform,
  });
  let endStreams = (): void => {};
  await app.register(async (scope) => plivoRoutes(scope, services));
  await app.register(async (scope) => {
    campaignRoutes(scope, services);
    controlRoutes(scope, services);
    reportRoutes(scope, services);
    overviewRoutes(scope, services);
    attemptRoutes(scope, services);
    callRoutes(scope, services);
    contactRoutes(scope, services);
    exportRoutes(scope, services, files);
    eventRoutes(scope, services);
    rawRoutes(scope, services);
    sessionRoutes(scope, services);
    settingsRoutes(scope, services);
    controlWebhookRoutes(scope, services);
    keyRoutes(scope, services);
    workspaceRoutes(scope, services);
    providerAccountRoutes(scope, services);
    shareLinkRoutes(scope, services);
    simulationRoutes(scope, services);
    auditRoutes(scope, services, files);
    erasureRoutes(scope, services);
    healthRoutes(scope, services);
    metricsRoutes(scope, services);
    pageFaultRoutes(scope, services);
    endStreams = sseRoutes(scope, services);
  });
  const desk = new ListDesk(app, config, files);
  await app.register(async (scope) => contactUploadRoutes(scope, services, desk));
  await app.register(async (scope) => doNotCallRoutes(scope, services, desk));
  preflightRoute(app, services.config.allowedOrigins);
  docsRoutes(app);
  await pageRoutes(app);
  return { app, routes, endStreams };
}
