import { iso } from '@ringside/core';
import type { AuditNote } from '../access/records.ts';

/** What one chunk looks at and takes at most. */
export const CHUNK = 1_000;
export const CHUNK_MS = 50;
/** Calls whose groups are found together: a transaction looks at its clock after each such slice. */
export const SLICE = 100;
export const DAY_MS = 24 * 3_600_000;

/** What the audit log is told of a pass that deleted. */
export function retentionNote(
  { workspace, campaignId: target }: { readonly workspace: string; readonly campaignId: string },
  deleted: { readonly calls: number; readonly contacts: number },
  { until, now }: { readonly until: number; readonly now: number },
): AuditNote {
  const after = { ...deleted, until: iso(until) };
  return { at: now, workspace, actor: 'retention', address: null, action: 'retention.deleted', target, after };
}
