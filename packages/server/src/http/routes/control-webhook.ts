import { iso } from '@ringside/core';
import { ControlWebhook, ControlWebhookInput } from '@ringside/protocol';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { newSecret } from '../../access/secrets.ts';
import { webhookOwner } from '../../control/webhook.ts';
import type { Services } from '../../services.ts';
import type { StoredWebhook } from '../../store/access/control-webhooks.ts';
import { principalOf } from '../access-hook.ts';
import { auditOf } from '../audit-note.ts';
import { HttpProblem } from '../problems.ts';

const path = '/v1/settings/control-webhook';
const config = { access: 'administer' } as const;
const tags = ['settings'];
const MS = 1_000;

/** Where external dialers are sent commands. The secret that signs them is made here and shown once. */
export function controlWebhookRoutes(instance: FastifyInstance, services: Services): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { access } = services.store;

  app.get(
    path,
    {
      config,
      schema: { tags, summary: 'Where external dialers are sent commands', response: { 200: ControlWebhook } },
    },
    async (request) => {
      const stored = await access.controlWebhook(principalOf(request).workspace);
      if (!stored) throw noWebhook();
      return view(stored, null);
    },
  );

  app.put(
    path,
    {
      config,
      schema: {
        tags,
        summary: 'Set it. The first time, and when asked to, a secret is made and shown',
        body: ControlWebhookInput,
        response: { 200: ControlWebhook },
      },
    },
    async (request) => {
      const { workspace } = principalOf(request);
      const { url, timeoutSeconds, rotateSecret } = request.body;
      const now = services.now();
      const secret = newSecret();
      const sealed = services.box.seal(secret, webhookOwner(workspace));
      const offered = { workspace, url, secret: sealed, timeoutMs: timeoutSeconds * MS, changedAt: now };
      const audit = auditOf(request, now, 'control-webhook.changed');
      const stored = await access.putControlWebhook(offered, !rotateSecret, audit);
      return view(stored, stored.secret === sealed ? secret : null);
    },
  );

  app.delete(
    path,
    { config, schema: { tags, summary: 'Remove it: external dialers are asked nothing', response: { 204: z.null() } } },
    async (request, reply) => {
      const audit = auditOf(request, services.now(), 'control-webhook.removed');
      if (!(await access.removeControlWebhook(principalOf(request).workspace, audit))) throw noWebhook();
      return reply.code(204).send(null);
    },
  );
}

function view({ url, timeoutMs, changedAt }: StoredWebhook, secret: string | null): ControlWebhook {
  return { url, timeoutSeconds: timeoutMs / MS, changedAt: iso(changedAt), secret };
}

function noWebhook(): HttpProblem {
  return new HttpProblem('not-found', 'No control webhook is set. Set one with PUT /v1/settings/control-webhook.');
}
