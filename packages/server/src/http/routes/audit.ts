import { Readable } from 'node:stream';
import { iso } from '@ringside/core';
import { AuditEntry, AuditQuery } from '@ringside/protocol';
import { stringify } from 'csv-stringify';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { safeCell } from '../../rows/csv-cell.ts';
import type { Services } from '../../services.ts';
import type { StoredAudit } from '../../store/access/records.ts';
import { principalOf } from '../access-hook.ts';
import { fileSender } from '../send-file.ts';

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

  const sendFile = fileSender(instance, services.guards);
  const exported = { config, schema: { tags, summary: 'The whole log as a file, newest first' } } as const;
  app.get('/v1/audit.ndjson', exported, (request, reply) => {
    const entries = allEntries(services, principalOf(request).workspace);
    return sendFile(reply, ndjsonOf(entries), { name: 'audit.ndjson', contentType: 'application/x-ndjson' });
  });
  app.get('/v1/audit.csv', exported, (request, reply) => {
    const entries = allEntries(services, principalOf(request).workspace);
    return sendFile(reply, csvOf(entries), { name: 'audit.csv', contentType: 'text/csv; charset=utf-8' });
  });
}

async function* ndjsonOf(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  for await (const entry of entries) yield `${JSON.stringify(entry)}\n`;
}

async function* csvOf(entries: AsyncIterable<AuditEntry>): AsyncGenerator<Uint8Array> {
  const columns = ['id', 'at', 'actor', 'address', 'action', 'target', 'before', 'after'];
  const rows = Readable.from(entries).map((entry: AuditEntry) => ({
    ...entry,
    before: textOf(entry.before),
    after: textOf(entry.after),
  }));
  const csv = rows.pipe(stringify({ header: true, columns, cast: { string: safeCell }, bom: true }));
  rows.on('error', (error) => csv.destroy(error));
  yield* csv as AsyncIterable<Uint8Array>;
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
