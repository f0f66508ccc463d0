import {
  CampaignId,
  CancelCommand,
  CommandAnswer,
  type CommandName,
  CommandPreview,
  ConfirmInput,
  PauseCommand,
  ResumeCommand,
  RetryFailedCommand,
  StartCommand,
} from '@ringside/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { maskOf } from '../../access/principal.ts';
import type { Controlled, Wish } from '../../control/control-step.ts';
import type { Services } from '../../services.ts';
import type { AuditNote } from '../../store/access/records.ts';
import type { CampaignRef } from '../../store/among-nodes.ts';
import { maskCampaign } from '../../store/mask-campaign.ts';
import { principalOf } from '../access-hook.ts';
import { auditOf } from '../audit-note.ts';
import { HttpProblem } from '../problems.ts';
import { noCampaign } from './campaigns.ts';

const params = z.object({ id: CampaignId });
const querystring = z.strictObject({
  preview: z.enum(['0', '1']).default('0').describe('1: answers what the command would come to, and changes nothing'),
});
const tags = ['control'];
const response = { 200: z.union([CommandAnswer, CommandPreview]) };
const KEY_LENGTH = 128;
const SECOND_MS = 1_000;

/** A body that says nothing may be left out. */
const given = <T extends z.ZodType>(schema: T) => schema.nullish();

/** Commands to campaigns: start, pause, resume, cancel, call the failed again; and what external dialers say to them. */
export function controlRoutes(instance: FastifyInstance, services: Services): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const route = <T extends z.ZodType>(summary: string, body: T) => ({
    config: { access: 'operate' } as const,
    schema: { tags, summary, params, querystring, body: given(body), response },
  });
  const obey = (request: Asked, wish: Partial<Wish> & Pick<Wish, 'command'>) => carryOut(services, request, wish);

  app.post('/v1/campaigns/:id/start', route('Start dialing, now or later', StartCommand), (request) => {
    const { reason, at } = request.body ?? {};
    return obey(request, { command: 'start', reason: reason ?? null, until: at === undefined ? null : Date.parse(at) });
  });
  app.post(
    '/v1/campaigns/:id/pause',
    route('Pause: live calls finish unless they are hung up', PauseCommand),
    (request) => {
      const { reason, hangUp, ...time } = request.body ?? {};
      const until = untilOf(time, services.now());
      return obey(request, { command: 'pause', reason: reason ?? null, until, hangUp: hangUp ?? false });
    },
  );
  app.post('/v1/campaigns/:id/resume', route('Resume what is paused', ResumeCommand), (request) =>
    obey(request, { command: 'resume', reason: request.body?.reason ?? null }),
  );
  app.post('/v1/campaigns/:id/cancel', route('Cancel for good', CancelCommand), (request) => {
    const { reason, hangUp } = request.body ?? {};
    return obey(request, { command: 'cancel', reason: reason ?? null, hangUp: hangUp ?? false });
  });
  app.post(
    '/v1/campaigns/:id/retry-failed',
    route('Call contacts once more that were not reached. Needs the header Idempotency-Key', RetryFailedCommand),
    (request) => {
      const { reason = null, outcomes = null } = request.body ?? {};
      return retryFailed(services, request, { command: 'retry-failed', reason, outcomes });
    },
  );
  confirmRoute(instance, services);
}

function confirmRoute(instance: FastifyInstance, services: Services): void {
  instance.withTypeProvider<ZodTypeProvider>().post(
    '/v1/campaigns/:id/confirm',
    {
      config: { access: 'ingest' },
      schema: {
        tags,
        summary: 'An external dialer says whether it did what it was asked',
        params,
        body: ConfirmInput,
        response: { 200: CommandAnswer },
      },
    },
    async (request) => {
      const { id, confirmed, message = null } = request.body;
      const state = confirmed ? 'confirmed' : 'refused';
      const audit = auditOf(request, services.now(), `campaign.${state}`, request.params.id, { after: request.body });
      const done = await services.control.answer(nameOf(request), { id, state, message }, audit);
      return answered(request, done, null);
    },
  );
}

type Named = Pick<FastifyRequest, 'principal' | 'ip' | 'headers'> & { readonly params: z.infer<typeof params> };
type Asked = Named & { readonly query: z.infer<typeof querystring> };

async function carryOut(services: Services, request: Asked, given: Partial<Wish> & Pick<Wish, 'command'>) {
  const wish = wishOf(request, given);
  if (request.query.preview === '1') return (await services.control.preview(nameOf(request), wish)) ?? unknown(request);
  const done = await services.control.command(nameOf(request), wish, auditOfWish(services, request, wish));
  return answered(request, done, null);
}

async function retryFailed(services: Services, request: Asked, given: Partial<Wish> & Pick<Wish, 'command'>) {
  const wish = wishOf(request, given);
  if (request.query.preview === '1') return (await services.control.preview(nameOf(request), wish)) ?? unknown(request);
  const { workspace, campaignId } = nameOf(request);
  if (!(await services.store.campaign(workspace, campaignId, services.now()))) return unknown(request);
  const key = keyOf(request);
  const audit = auditOfWish(services, request, wish);
  const found = await services.control.retryFailed(nameOf(request), { ...wish, key }, audit);
  return found ? answered(request, found.done, found.contacts) : unknown(request);
}

/** @throws HttpProblem without a key that could be known again */
function keyOf({ headers }: Named): string {
  const key = headers['idempotency-key'];
  if (typeof key === 'string' && key !== '' && key.length <= KEY_LENGTH) return key;
  throw new HttpProblem(
    'validation-failed',
    `Send the header Idempotency-Key with up to ${KEY_LENGTH} characters of your own, and the same when you send this again.`,
  );
}

/** What is said of a campaign is said by somebody; what was left out means nothing special. */
function wishOf(request: Named, given: Partial<Wish> & { readonly command: CommandName }): Wish {
  const usual = { reason: null, until: null, hangUp: false, outcomes: null };
  return { ...usual, actor: principalOf(request).name, ...given };
}

function auditOfWish(services: Services, request: Named, { command, actor: _actor, ...said }: Wish): AuditNote {
  return auditOf(request, services.now(), `campaign.${command}`, request.params.id, { after: said });
}

function answered(request: Named, done: Controlled | null, contacts: number | null): CommandAnswer {
  if (!done) return unknown(request);
  if (done.outcome === 'refused') throw new HttpProblem(done.code, done.why);
  const shown = maskOf(principalOf(request)) === 'full' ? done.campaign : maskCampaign(done.campaign);
  return { ...shown, changed: done.outcome === 'changed', contacts };
}

function unknown(request: Named): never {
  return noCampaign(request.params.id);
}

function nameOf(request: Named): CampaignRef {
  return { workspace: principalOf(request).workspace, campaignId: request.params.id };
}

/** @throws HttpProblem for a time that has passed */
function untilOf({ until, forSeconds }: { until?: string | undefined; forSeconds?: number | undefined }, now: number) {
  if (forSeconds !== undefined) return now + forSeconds * SECOND_MS;
  if (until === undefined) return null;
  const at = Date.parse(until);
  if (at <= now) throw new HttpProblem('validation-failed', 'body/until: that time has passed already.');
  return at;
}
