import { saidNow } from '@ringside/core';
import {
  CampaignId,
  LeadPreview,
  LeadPreviewRequest,
  type LeadRules,
  Settings,
  SettingsInput,
} from '@ringside/protocol';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { maskOf } from '../../access/principal.ts';
import { rulesDelivery } from '../../ingest/api-event.ts';
import type { Services } from '../../services.ts';
import { maskText } from '../../store/mask-numbers.ts';
import { principalOf } from '../access-hook.ts';
import { auditOf } from '../audit-note.ts';
import { heavyRead } from '../heavy-read.ts';
import { HttpProblem } from '../problems.ts';

const ApplyRules = z.strictObject({ campaignIds: z.array(CampaignId).min(1).max(100) });

/** What a workspace may set, and how new lead rules reach calls of the past. */
export function settingsRoutes(instance: FastifyInstance, services: Services): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const tags = ['settings'];

  app.get(
    '/v1/settings',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'What the workspace has set', response: { 200: Settings } },
    },
    (request) => services.store.settings(principalOf(request).workspace),
  );

  app.put(
    '/v1/settings',
    {
      config: { access: 'administer' },
      schema: {
        tags,
        summary: 'Set it; lead rules count for campaigns made from now on. What is left out stays',
        body: SettingsInput,
        response: { 200: Settings },
      },
    },
    async (request) => {
      const { workspace } = principalOf(request);
      const before = await services.store.settings(workspace);
      const { leadRules = before.leadRules, retention = before.retention } = request.body;
      const after: Settings = { leadRules, retention };
      const audit = auditOf(request, services.now(), 'settings.changed', null, { before, after });
      await services.store.putSettings(workspace, after, audit);
      void services.retainer.run();
      return after;
    },
  );

  app.post(
    '/v1/settings/lead-rules/preview',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'What lead rules would make of past calls',
        body: LeadPreviewRequest,
        response: { 200: LeadPreview },
      },
    },
    (request, reply) => {
      const { leadRules, campaignId = null } = request.body;
      const principal = principalOf(request);
      const mask = maskOf(principal);
      if (mask === 'masked') refuseGuesses(leadRules);
      return heavyRead(services, request, reply, () =>
        services.store.previewLeadRules(principal.workspace, leadRules, campaignId, mask),
      );
    },
  );

  app.post(
    '/v1/settings/lead-rules/apply',
    {
      config: { access: 'administer' },
      schema: {
        tags,
        summary: 'Score the calls of these campaigns again by the rules now set',
        body: ApplyRules,
        response: { 202: z.object({ campaigns: z.number().int() }) },
      },
    },
    async (request, reply) => {
      const { workspace, name: actor } = principalOf(request);
      const { leadRules } = await services.store.settings(workspace);
      const at = services.now();
      const known = await services.store.summaries(workspace, { ids: request.body.campaignIds }, at);
      for (const { id: campaignId } of known) {
        const declared = await services.store.declared(workspace, campaignId, at);
        const delivery = rulesDelivery(leadRules, saidNow(declared ?? { lastAt: null }, at), actor);
        const audit = auditOf(request, at, 'lead-rules.applied', campaignId);
        await services.intake.submit({ kind: 'delivery', workspace, receivedAt: at, campaignId, delivery, audit });
      }
      void services.rescorer.run();
      return reply.code(202).send({ campaigns: known.length });
    },
  );
}

/** What somebody pressed may be a phone number, and rules that count by it whole would tell which. */
function refuseGuesses({ digits }: LeadRules): void {
  if (Object.keys(digits).every((pressed) => maskText(pressed) === pressed)) return;
  throw new HttpProblem('forbidden', 'Rules about digits that may be a number need the permission to see numbers.');
}
