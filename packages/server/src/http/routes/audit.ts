import { iso } from '@ringside/core';
import { AuditEntry, AuditQuery } from '@ringside/protocol';
import { stringify } from 'csv-stringify/sync';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Services } from '../../services.ts';
import type { StoredAudit } from '../../store/access/records.ts';
import { principalOf } from '../access-hook.ts';
import type { FileSender } from '../send-file.ts';

const config = { access: 'administer' } as const;
const tags = ['audit'];
const EXPORT_PAGE = 500;
const COLUMNS = ['id', 'at', 'actor', 'address', 'action', 'target', 'before', 'after'];

const List = z.object({ items: z.array(AuditEntry), nextCursor: z.string().nullable() });

/** What was changed in the workspace, by whom and from where; nothing of it can be altered. */
export function auditRoutes(instance: FastifyInstance, services: Services, files: FileSender): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();

  app.get(
    '/v1/audit',
    { config, schema: { tags, summary: 'Changes, newest first', querystring: AuditQuery, response: { 200: List } } },
    async (request) => {
      const { limit, cursor, action = null, target = null } = request.query;
      const before = cursor === undefined ? null : Number(cursor);
      const choice = { limit: limit + 1, before, action, target };
      const found = await services.store.access.auditEntries(principalOf(request).workspace, choice);
      const items = found.slice(0, limit).map(entryView);
      return { items, nextCursor: found.length > limit ? String(items.at(-1)?.id) : null };
    },
  );

  const exported = {
    config: { ...config, watched: true },
    preHandler: files.takeSlot,
    // The answer to a HEAD would read the whole log for nobody.
    exposeHeadRoute: false,
    schema: { tags, summary: 'The whole log as a file, newest first' },
  } as const;
  app.get('/v1/audit.ndjson', exported, (request, reply) => {
    const pieces = piecesOf(services, principalOf(request).workspace, (page) =>
      page.map((entry) => `${JSON.stringify(entry)}\n`).join(''),
    );
    return files.send(reply, pieces, { name: 'audit.ndjson', contentType: 'application/x-ndjson' });
  });
  app.get('/v1/audit.csv', exported, (request, reply) => {
    const pieces = piecesOf(services, principalOf(request).workspace, csvOf);
    return files.send(reply, pieces, { name: 'audit.csv', contentType: 'text/csv; charset=utf-8' });
  });
}

/** Page by page, so that nothing holds a long read. The first page may be empty. */
async function* piecesOf(
  services: Services,
  workspace: string,
  textOf: (page: readonly AuditEntry[], isFirst: boolean) => string,
): AsyncGenerator<string> {
  let before: number | null = null;
  while (true) {
    const choice = { limit: EXPORT_PAGE, before, action: null, target: null };
    const page: StoredAudit[] = await services.store.access.auditEntries(workspace, choice);
    yield textOf(page.map(entryView), before === null);
    before = page.at(-1)?.id ?? null;
    if (page.length < EXPORT_PAGE) return;
  }
}

function csvOf(page: readonly AuditEntry[], isFirst: boolean): string {
  const rows = page.map((entry) => ({ ...entry, before: textOf(entry.before), after: textOf(entry.after) }));
  return stringify(rows, { header: isFirst, columns: COLUMNS, escape_formulas: true, bom: isFirst });
}

function entryView({ workspace: _workspace, ...entry }: StoredAudit): AuditEntry {
  return { ...entry, at: iso(entry.at) };
}

function textOf(value: unknown): string {
  return value === null ? '' : JSON.stringify(value);
}
