import { Readable } from 'node:stream';
import { iso } from '@ringside/core';
import { AuditEntry, AuditQuery } from '@ringside/protocol';
import { stringify } from 'csv-stringify';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Services } from '../../services.ts';
import type { StoredAudit } from '../../store/access/records.ts';
import { principalOf } from '../access-hook.ts';
import { endWithAccess } from '../send-file.ts';

const config = { access: 'administer' } as const;
const tags = ['audit'];
const EXPORT_PAGE = 500;

const List = z.object({ items: z.array(AuditEntry), nextCursor: z.string().nullable() });

/** What was changed in the workspace, by whom and from where; nothing of it can be altered. */
export function auditRoutes(instance: FastifyInstance, services: Services): void {
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

  const exported = { config, schema: { tags, summary: 'The whole log as a file, newest first' } } as const;
  app.get('/v1/audit.ndjson', exported, (request, reply) => {
    const lines = async function* () {
      for await (const entry of allEntries(services, principalOf(request).workspace))
        yield `${JSON.stringify(entry)}\n`;
    };
    const file = Readable.from(lines());
    endWithAccess(file, request, services.guards);
    return reply.type('application/x-ndjson').header('x-content-type-options', 'nosniff').send(file);
  });
  app.get('/v1/audit.csv', exported, (request, reply) => {
    const rows = Readable.from(allEntries(services, principalOf(request).workspace)).map((entry: AuditEntry) => ({
      ...entry,
      before: textOf(entry.before),
      after: textOf(entry.after),
    }));
    const columns = ['id', 'at', 'actor', 'address', 'action', 'target', 'before', 'after'];
    const csv = rows.pipe(stringify({ header: true, columns, escape_formulas: true, bom: true }));
    rows.on('error', (error) => csv.destroy(error));
    endWithAccess(csv, request, services.guards);
    return reply
      .type('text/csv; charset=utf-8')
      .header('x-content-type-options', 'nosniff')
      .header('content-disposition', 'attachment; filename="audit.csv"')
      .send(csv);
  });
}

/** Page by page, so that nothing holds a long read. */
async function* allEntries(services: Services, workspace: string): AsyncGenerator<AuditEntry> {
  let before: number | null = null;
  while (true) {
    const choice = { limit: EXPORT_PAGE, before, action: null, target: null };
    const page: StoredAudit[] = await services.store.access.auditEntries(workspace, choice);
    yield* page.map(entryView);
    before = page.at(-1)?.id ?? null;
    if (page.length < EXPORT_PAGE) return;
  }
}

function entryView({ workspace: _workspace, ...entry }: StoredAudit): AuditEntry {
  return { ...entry, at: iso(entry.at) };
}

function textOf(value: unknown): string {
  return value === null ? '' : JSON.stringify(value);
}
