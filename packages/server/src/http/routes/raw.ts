import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { callbackOf, checkCallback, pathOf } from '../../providers/plivo/callback.ts';
import { plivoReceipt } from '../../providers/plivo/plivo-receipt.ts';
import type { Services } from '../../services.ts';
import { principalOf } from '../access-hook.ts';
import { HttpProblem } from '../problems.ts';
import { settleSigned } from './settle-signed.ts';

const RawCallback = z.strictObject({
  method: z.enum(['GET', 'POST']),
  url: z.url().max(8_192).describe('The full URL that Plivo called, as Plivo was given it but for what follows a #'),
  headers: z.record(z.string(), z.string().max(8_192)),
  body: z.string().max(65_536).default(''),
});

const Accepted = z.object({ result: z.enum(['accepted', 'unchanged', 'queued']) });

/** Callbacks that a host received and passes on untouched; they are checked here as if they had come directly. */
export function rawRoutes(instance: FastifyInstance, services: Services): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  app.post(
    '/v1/providers/plivo/raw',
    {
      config: { access: 'ingest', countedAs: 'signed' },
      schema: {
        tags: ['plivo'],
        summary: 'A teed Plivo callback: URL, headers and body as the host received them',
        body: RawCallback,
        response: { 200: Accepted },
      },
    },
    async (request) => {
      const { method, url, headers, body } = request.body;
      const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
      const base = baseOf(url);
      const callback = callbackOf(method, url.slice(base.length), lower, body);
      const { workspace } = principalOf(request);
      const check = checkCallback(callback, {
        publicUrls: [base],
        accounts: services.accounts,
        workspace,
        usual: workspace,
      });
      const receivedAt = services.now();
      if (!check.valid) {
        services.status.refused({ workspace, at: receivedAt, code: check.code, reason: check.reason, url: check.url });
        throw new HttpProblem(check.code, check.reason);
      }
      const { nonce, fields } = check;
      const verified = { workspace, receivedAt, query: callback.query, body: callback.body, nonce };
      const receipt = plivoReceipt(verified, services.config.plivoTimeZone, fields);
      const applied = await services.intake.submit(receipt);
      const refusal = settleSigned(services, receipt, base + pathOf(callback), applied);
      if (refusal) throw refusal;
      const { result } = applied;
      return { result: result === 'accepted' || result === 'unchanged' ? result : ('queued' as const) };
    },
  );
}

/** A URL up to its path. */
function baseOf(url: string): string {
  const [bare = ''] = url.split(/[?#]/, 1);
  const pathAt = bare.indexOf('/', bare.indexOf('//') + 2);
  return pathAt < 0 ? bare : bare.slice(0, pathAt);
}
