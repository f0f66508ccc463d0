import { pipeline } from 'node:stream';
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
import type { FileSender } from '../send-file.ts';

const config = { access: 'administer' } as const;
const tags = ['audit'];
const EXPORT_PAGE = 50;
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
    schema: { tags, summary: 'The whole log as a file, newest first' },
  } as const;
  app.get('/v1/audit.ndjson', exported, (request, reply) => {
    const lines = async function* () {
      for await (const entry of allEntries(services, principalOf(request).workspace))
        yield `${JSON.stringify(entry)}\n`;
    };
    return files.send(reply, lines(), { name: 'audit.ndjson', contentType: 'application/x-ndjson' });
  });
  app.get('/v1/audit.csv', exported, (request, reply) => {
    const rows = async function* () {
      for await (const entry of allEntries(services, principalOf(request).workspace))
        yield { ...entry, before: textOf(entry.before), after: textOf(entry.after) };
    };
    const csv = stringify({ header: true, columns: COLUMNS, cast: { string: safeCell }, bom: true });
    // Errors of the rows come out of the file itself.
    pipeline(rows(), csv, () => {});
    const head = { name: 'audit.csv', contentType: 'text/csv; charset=utf-8' };
    return files.send(reply, csv, head, () => csv.destroy());
  });
}

/** Reads the log page by page, so that nothing holds a long read. An entry may be as large as a request. */
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
