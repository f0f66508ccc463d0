import { isErasedNumber, iso, must, normaliseNumber } from '@ringside/core';
import { Erasure, ErasureRequest } from '@ringside/protocol';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Services } from '../../services.ts';
import type { StoredErasure } from '../../store/access/records.ts';
import { maskText } from '../../store/mask-numbers.ts';
import { principalOf } from '../access-hook.ts';
import { auditOf } from '../audit-note.ts';
import { HttpProblem } from '../problems.ts';

const config = { access: 'administer' } as const;
const tags = ['erasures'];
/** Whoever asks waits this long for the end; beyond it goes on in the background. */
const ANSWER_WITHIN_MS = 5_000;
const FOUND_NOTHING =
  'No record names this number. Check its digits and its country; whatever names it from now on is erased.';

/** Forgetting one person's number, everywhere and for good. */
export function erasureRoutes(instance: FastifyInstance, services: Services): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();

  app.get(
    '/v1/erasures',
    {
      config,
      schema: {
        tags,
        summary: 'Erased numbers by their tokens, newest first, and how far each erasure is',
        response: { 200: z.object({ items: z.array(Erasure), nextCursor: z.null() }) },
      },
    },
    async (request) => {
      const stored = await services.store.access.erasures(principalOf(request).workspace);
      return { items: stored.map(erasureView), nextCursor: null };
    },
  );

  app.post(
    '/v1/erasures',
    {
      config,
      schema: {
        tags,
        summary: 'Replace a number by a token wherever it is stored, and in whatever arrives from now on',
        body: ErasureRequest,
        response: {
          200: Erasure.describe('It had been erased before'),
          201: Erasure.describe('It is erased'),
          202: Erasure.describe('It is replaced from now on; what is stored is still looked through'),
        },
      },
    },
    async (request, reply) => {
      const { workspace } = principalOf(request);
      const number = numberToErase(request.body.number);
      const reason = request.body.reason === undefined ? null : maskText(request.body.reason);
      const audit = auditOf(request, services.now(), 'number.erased');
      const { erasure, isNew, touched } = await services.store.erase({ workspace, number, reason }, audit);
      services.publish({ results: [], touched });
      if (!isNew) return reply.code(200).send(erasureView(erasure));
      await within(services.eraser.run(), ANSWER_WITHIN_MS);
      const stored = await services.store.access.erasures(workspace);
      const now = must(
        stored.find(({ token }) => token === erasure.token),
        'an erasure stays',
      );
      return reply.code(now.doneAt === null ? 202 : 201).send(erasureView(now));
    },
  );
}

/** The one spelling of a number that may be erased: local digits could be anybody's. */
function numberToErase(text: string): string {
  const number = normaliseNumber(text, null);
  const isNumber = /^\+\d{7,15}$/.test(number) || /^sips?:\S+@\S+$/i.test(number);
  if (isNumber && !isErasedNumber(number)) return number;
  const detail = 'number: write it with its country, such as +919876543210, or give a SIP address.';
  throw new HttpProblem('validation-failed', detail, [
    { path: 'body/number', message: 'must be an international number' },
  ]);
}

/** Waits for work, but not for ever. */
async function within(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function erasureView({ token, at, actor, reason, found, doneAt }: StoredErasure): Erasure {
  const state = doneAt === null ? 'running' : 'done';
  const note = doneAt !== null && Object.values(found).every((count) => count === 0) ? FOUND_NOTHING : null;
  return { token, at: iso(at), actor, reason, state, doneAt: doneAt === null ? null : iso(doneAt), found, note };
}
