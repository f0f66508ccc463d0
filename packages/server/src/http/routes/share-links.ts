import { timingSafeEqual } from 'node:crypto';
import { iso } from '@ringside/core';
import { ShareLink, ShareLinkCreate, ShareLinkMade } from '@ringside/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { addressGroup } from '../../access/address-group.ts';
import { OncePerHour } from '../../access/once-per-hour.ts';
import { hashOf, newId, newSecret } from '../../access/secrets.ts';
import type { Services } from '../../services.ts';
import type { StoredShareLink } from '../../store/access/records.ts';
import { isOpen } from '../../store/access/share-links.ts';
import { principalOf, tooMany } from '../access-hook.ts';
import { auditOf } from '../audit-note.ts';
import { cookieText, foreignOrigin, isAllowedOrigin, isSecure, SHARE_COOKIE } from '../cookies.ts';
import { HttpProblem } from '../problems.ts';
import { noCampaign } from './campaigns.ts';

const params = z.object({ shareId: z.string().regex(/^[A-Za-z0-9_]{1,64}$/) });
const config = { access: 'operate' } as const;
const tags = ['share links'];

/** Read-only links to one campaign or the overview. Their secret stands in the fragment, which no server log sees. */
export function shareLinkRoutes(instance: FastifyInstance, services: Services): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { access } = services.store;
  const openings = new OncePerHour(services.now);

  app.get(
    '/v1/share-links',
    {
      config,
      schema: {
        tags,
        summary: 'Links of the workspace, newest first, ended ones too',
        response: { 200: z.object({ items: z.array(ShareLink), nextCursor: z.null() }) },
      },
    },
    async (request) => ({
      items: (await access.shareLinks(principalOf(request).workspace)).map(linkView),
      nextCursor: null,
    }),
  );

  app.post(
    '/v1/share-links',
    {
      config,
      schema: {
        tags,
        summary: 'Make a link; its URL is shown only now',
        body: ShareLinkCreate,
        response: { 201: ShareLinkMade },
      },
    },
    async (request, reply) => {
      const { campaignId = null, expiresInSeconds, name = campaignId ?? 'Overview' } = request.body;
      const { workspace } = principalOf(request);
      if (campaignId !== null && !(await services.store.campaign(workspace, campaignId, services.now())))
        return noCampaign(campaignId);
      const made = await createShareLink(services, request, { workspace, campaignId, name, expiresInSeconds });
      return reply.code(201).header('cache-control', 'no-store').send(made);
    },
  );

  app.delete(
    '/v1/share-links/:shareId',
    { config, schema: { tags, summary: 'End a link, at once', params, response: { 204: z.null() } } },
    async (request, reply) => {
      const { shareId } = request.params;
      const audit = auditOf(request, services.now(), 'share-link.revoked', shareId);
      if (!(await access.revokeShareLink(principalOf(request).workspace, shareId, audit))) throw noLink();
      await services.accessChanged();
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/s/:shareId/session',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'Exchange a link’s secret for a cookie that only its own pages send',
        params,
        body: z.strictObject({ secret: z.string().min(1).max(128) }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { headers } = request;
      if (headers.origin !== undefined && !isAllowedOrigin(headers, [])) throw foreignOrigin();
      const now = services.now();
      const link = await access.shareLink(request.params.shareId);
      if (!link || !isOpen(link, now) || !isSecretOf(link, request.body.secret)) throw noLink();
      const { id, workspace } = link;
      const wait = services.limits.signIn(workspace, `share:${id}`);
      if (wait > 0) throw tooMany(reply, wait);
      // Nothing can be taken out of the audit log: a link that is opened again and again must not fill it.
      const opening = `${id}\0${addressGroup(request.ip)}`;
      const entry = { at: now, workspace, actor: `share:${id}`, address: request.ip };
      const audit = openings.isFirst(opening) ? { ...entry, action: 'share-link.opened', target: id } : null;
      const opened = services.authenticator.openLink(link, request.body.secret, audit);
      const { session, seconds } = await opened.catch((error: unknown) => {
        openings.forget(opening);
        throw error;
      });
      const secure = isSecure(request, services.publicUrls);
      const cookie = cookieText(SHARE_COOKIE, session, { path: `/s/${id}`, seconds, secure });
      return reply.header('set-cookie', cookie).header('cache-control', 'no-store').code(204).send(null);
    },
  );
}

/** Creates a link. The answer alone holds its secret. */
export async function createShareLink(
  services: Services,
  request: FastifyRequest,
  wanted: Pick<StoredShareLink, 'workspace' | 'campaignId' | 'name'> & { readonly expiresInSeconds: number },
): Promise<ShareLinkMade> {
  const { workspace, campaignId, name, expiresInSeconds } = wanted;
  const now = services.now();
  const secret = newSecret();
  const link: StoredShareLink = {
    ...{ id: newId('shr'), secretHash: hashOf(secret), workspace, campaignId, name },
    ...{ createdAt: now, createdBy: principalOf(request).actor, expiresAt: now + expiresInSeconds * 1000 },
    ...{ lastUsedAt: null, revokedAt: null },
  };
  const audit = auditOf(request, now, 'share-link.created', link.id, { workspace });
  await services.store.access.addShareLink(link, audit);
  return { ...linkView(link), url: `${services.publicUrls[0] ?? ''}/s/${link.id}#${secret}` };
}

function isSecretOf(link: StoredShareLink, secret: string): boolean {
  return timingSafeEqual(Buffer.from(link.secretHash), Buffer.from(hashOf(secret)));
}

/** Unknown, ended, or with a wrong secret: the answer is the same. */
function noLink(): HttpProblem {
  return new HttpProblem('share-link-not-found', 'This link does not exist or has ended. Ask for a new one.');
}

function linkView(link: StoredShareLink): ShareLink {
  const { secretHash: _hash, workspace: _workspace, ...rest } = link;
  return {
    ...rest,
    createdAt: iso(link.createdAt),
    expiresAt: iso(link.expiresAt),
    lastUsedAt: link.lastUsedAt === null ? null : iso(link.lastUsedAt),
    revokedAt: link.revokedAt === null ? null : iso(link.revokedAt),
  };
}
