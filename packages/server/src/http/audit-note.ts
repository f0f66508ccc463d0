import type { FastifyRequest } from 'fastify';
import type { Sight } from '../access/numbers-seen.ts';
import type { AuditNote } from '../store/access/records.ts';
import { principalOf } from './access-hook.ts';

/** What the audit log says of a change that this request makes: who, from where, when. */
export function auditOf(
  request: Pick<FastifyRequest, 'principal' | 'ip'>,
  now: number,
  action: string,
  target: string | null = null,
  more: Pick<AuditNote, 'before' | 'after'> & { readonly workspace?: string } = {},
): AuditNote {
  const { workspace, actor } = principalOf(request);
  return { at: now, workspace, actor, address: request.ip, action, target, ...more };
}

/** Who is shown numbers of a campaign by this request. */
export function sightOf(request: FastifyRequest, campaignId: string): Sight {
  return { principal: principalOf(request), campaignId, address: request.ip };
}
