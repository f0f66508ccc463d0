import { iso, maskNumber } from '@ringside/core';
import { CampaignId, DoubtfulAttempt, DoubtVerdict } from '@ringside/protocol';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { MaskClass } from '../../access/principal.ts';
import { resolveByPerson } from '../../dialer/resolve-by-person.ts';
import type { Services } from '../../services.ts';
import type { StoredAttempt } from '../../store/dialing/dial-store.ts';
import { maskText } from '../../store/mask-numbers.ts';
import { auditOf, sightOf } from '../audit-note.ts';
import { HttpProblem } from '../problems.ts';
import { readerOf } from './list-filters.ts';

const tags = ['dialing'];
const MOST_SHOWN = 500;

/** Attempts of the dialer of which nobody knows whether they became calls. */
export function attemptRoutes(instance: FastifyInstance, services: Services): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();

  app.get(
    '/v1/attempts/doubtful',
    {
      config: { access: 'operate' },
      schema: {
        tags,
        summary: 'Attempts in doubt, oldest first, with what speaks for and against each',
        querystring: z.strictObject({ campaignId: CampaignId.optional() }),
        response: { 200: z.object({ items: z.array(DoubtfulAttempt), nextCursor: z.null() }) },
      },
    },
    async (request) => {
      const { workspace, mask } = readerOf(request);
      const { campaignId = null } = request.query;
      const found = await services.store.dial.doubtful(workspace, campaignId, MOST_SHOWN);
      for (const id of new Set(found.map((one) => one.campaignId)))
        services.numbersSeen.shown('attempts', sightOf(request, id));
      return { items: found.map((attempt) => attemptView(attempt, mask)), nextCursor: null };
    },
  );

  app.post(
    '/v1/attempts/doubtful/:attemptId',
    {
      config: { access: 'operate' },
      schema: {
        tags,
        summary:
          'Say whether an attempt in doubt became a call; one that did not may be made again by the retry policy',
        params: z.object({ attemptId: z.string().min(1).max(64) }),
        body: DoubtVerdict,
        response: { 200: DoubtfulAttempt },
      },
    },
    async (request) => {
      const { workspace, mask } = readerOf(request);
      const { attemptId } = request.params;
      const { placed } = request.body;
      const reason = maskText(request.body.reason);
      const audit = auditOf(request, services.now(), 'attempt.resolved', attemptId, { after: { placed, reason } });
      const resolved = await resolveByPerson(services, { workspace, attemptId, placed, reason }, audit);
      if (resolved === null)
        throw new HttpProblem(
          'attempt-not-found',
          `No attempt ${attemptId} is in doubt: it may have been proved meanwhile.`,
        );
      services.numbersSeen.shown('attempts', sightOf(request, resolved.campaignId));
      return attemptView(resolved, mask);
    },
  );
}

function attemptView(attempt: StoredAttempt, mask: MaskClass): DoubtfulAttempt {
  const shown = mask === 'masked' ? maskNumber : (number: string) => number;
  const { attemptId, campaignId, state, needsPerson, evidence, sendBefore } = attempt;
  return {
    ...{ attemptId, campaignId, state, needsPerson, attempt: attempt.attempt },
    ...{ number: shown(attempt.number), callerId: shown(attempt.callerId) },
    sentAt: sendBefore === null ? null : iso(sendBefore),
    evidence: [...evidence],
  };
}
