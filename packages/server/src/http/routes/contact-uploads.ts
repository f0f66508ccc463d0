import { type Campaign, CampaignId, UploadAnswer } from '@ringside/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Services } from '../../services.ts';
import { Columns, parseMapping } from '../../upload/columns.ts';
import { sourceRows } from '../../upload/source-rows.ts';
import { ListTeller } from '../../upload/tell-list.ts';
import { type ContactUpload, previewContacts, uploadContacts } from '../../upload/upload-contacts.ts';
import { principalOf } from '../access-hook.ts';
import { auditOf } from '../audit-note.ts';
import { type ListDesk, leaveUnread } from '../list-desk.ts';
import { HttpProblem } from '../problems.ts';
import { noCampaign } from './campaigns.ts';

const query = z.strictObject({
  preview: z.literal('1').optional().describe('Nothing is stored'),
  map: z
    .string()
    .max(4_096)
    .optional()
    .describe('`column:target,…`: number, contactId, timezone, attribute, or `-` for what is left out'),
});

/** Contacts for campaigns that Ringside dials. */
export function contactUploadRoutes(instance: FastifyInstance, services: Services, desk: ListDesk): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { dial } = services.store;
  const teller = new ListTeller({ store: services.store, intake: services.intake, now: services.now });
  leaveUnread(app, ['application/json', 'text/csv', 'application/x-ndjson']);

  app.post(
    '/v1/campaigns/:id/contacts',
    {
      config: { access: 'operate', watched: true },
      schema: {
        tags: ['contacts'],
        summary: 'Put contacts on the list of a campaign that Ringside dials: CSV, NDJSON or a JSON array, as a stream',
        params: z.object({ id: CampaignId }),
        querystring: query,
        response: { 200: UploadAnswer },
      },
    },
    async (request, reply) => {
      const campaign = await dialedHere(request, services, request.params.id);
      const { preview, map } = request.query;
      return desk.take(request, reply, async ({ format, bytes, tally }) => {
        const columns = new Columns(map === undefined ? new Map() : parseMapping(map));
        const rows = sourceRows({ format, bytes, columns });
        const ref = { workspace: principalOf(request).workspace, campaignId: campaign.id };
        const upload: ContactUpload = { campaign: ref, rows, columns, country: campaign.defaultCountry, tally };
        if (preview) return previewContacts(upload, dial);
        await dial.openList({ ...ref, account: campaign.dial?.account ?? null });
        const { name: actor } = principalOf(request);
        const tell = async (): Promise<number> => (await teller.tell(ref, actor)).contacts;
        // Of somebody who went away the address is not known any more.
        const audit = auditOf(request, services.now(), 'contacts.uploaded', campaign.id);
        try {
          return await uploadContacts(upload, { dial, tell, now: services.now });
        } finally {
          const after = { accepted: tally.accepted, rejected: tally.rejected };
          await services.store.access.note({ ...audit, at: services.now(), after });
        }
      });
    },
  );
}

/** The campaign, if contacts may be put on its list. */
async function dialedHere(request: FastifyRequest, services: Services, id: string): Promise<Campaign> {
  const campaign = await services.store.campaign(principalOf(request).workspace, id, services.now());
  if (!campaign) return noCampaign(id);
  if (campaign.dialer !== 'built-in') {
    const detail = `Campaign ${id} is dialed by another system, which has its contacts; Ringside only reports.`;
    throw new HttpProblem('not-dialed-here', detail);
  }
  if (campaign.phase === 'cancelled' || campaign.phase === 'failed')
    throw new HttpProblem(
      'phase-conflict',
      `Campaign ${id} is ${campaign.phase}: make another one for these contacts.`,
    );
  return campaign;
}
