import { iso, listedNumber, maskNumber, shownNumber } from '@ringside/core';
import { DoNotCallAdd, DoNotCallAnswer, type DoNotCallEntry, DoNotCallList, DoNotCallRemove } from '@ringside/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { maskOf } from '../../access/principal.ts';
import { CannotOpen } from '../../access/secret-box.ts';
import type { Services } from '../../services.ts';
import type { Suppressed } from '../../store/dialing/dial-store.ts';
import { maskText } from '../../store/mask-numbers.ts';
import { Columns, parseMapping } from '../../upload/columns.ts';
import { Tally } from '../../upload/rejected.ts';
import { type SourceRow, sourceRows } from '../../upload/source-rows.ts';
import { takeRows } from '../../upload/take-rows.ts';
import { Zones } from '../../upload/zones.ts';
import { principalOf } from '../access-hook.ts';
import { auditOf } from '../audit-note.ts';
import { type ListDesk, leaveUnread } from '../list-desk.ts';
import { HttpProblem } from '../problems.ts';

const BODY_LIMIT = 1024 * 1024;
const tags = ['do-not-call'];
const page = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(512).optional(),
});
const upload = z.strictObject({
  reason: z.string().trim().min(1).max(500).optional().describe('Of a file; JSON has its own'),
  map: z.string().max(4_096).optional().describe('Of a file: `column:number`'),
});

/** Numbers that nobody of a workspace may call. They stand in no URL, since URLs are logged. */
export function doNotCallRoutes(instance: FastifyInstance, services: Services, desk: ListDesk): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  leaveUnread(app, ['text/csv', 'application/x-ndjson']);

  app.get(
    '/v1/do-not-call',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'Numbers that nobody may call', querystring: page, response: { 200: DoNotCallList } },
    },
    async (request) => listPage(request, services, request.query),
  );

  app.post(
    '/v1/do-not-call',
    {
      bodyLimit: BODY_LIMIT,
      config: { access: 'operate', watched: true },
      schema: {
        tags,
        summary: 'Add numbers: as JSON, or any number of them as CSV or NDJSON',
        querystring: upload,
        body: z.union([DoNotCallAdd, z.null().describe('A file is read as it comes')]),
        response: { 200: DoNotCallAnswer },
      },
    },
    async (request, reply) => {
      const { body, query } = request;
      if (body === null) return addFile(request, reply, { services, desk, ...query });
      const rows = body.numbers.map((number, at): SourceRow => ({ line: at + 1, cells: [['number', number]] }));
      const tally = new Tally(maskOf(principalOf(request)), null);
      return add(request, services, { rows, columns: new Columns(new Map()), tally, reason: body.reason });
    },
  );

  app.post(
    '/v1/do-not-call/remove',
    {
      config: { access: 'operate' },
      schema: { tags, summary: 'Let a number be called again', body: DoNotCallRemove, response: { 204: z.null() } },
    },
    async (request, reply) => {
      const { number, reason } = request.body;
      const listed = listedNumber(number, null);
      const after = reason === undefined ? {} : { after: { reason: maskText(reason) } };
      const audit = auditOf(request, services.now(), 'do-not-call.removed', null, after);
      const { workspace } = principalOf(request);
      const isGone = 'number' in listed && (await services.store.dial.unsuppress(workspace, listed.number, audit));
      if (!isGone) throw new HttpProblem('not-found', 'This number is not on the list: write it with its country.');
      return reply.code(204).send(null);
    },
  );
}

interface Added {
  readonly rows: Iterable<SourceRow> | AsyncIterable<SourceRow>;
  readonly columns: Columns;
  readonly tally: Tally;
  readonly reason: string | undefined;
}

async function add(request: FastifyRequest, services: Services, list: Added): Promise<DoNotCallAnswer> {
  const { rows, columns, tally } = list;
  const { workspace, name: actor } = principalOf(request);
  const reason = list.reason === undefined ? null : maskText(list.reason);
  // Of somebody who goes away the address is not known any more.
  const audit = auditOf(request, services.now(), 'do-not-call.added');
  let added = 0;
  const take = async (good: readonly { readonly number: string }[]) => {
    const numbers = [...new Set(good.map(({ number }) => number))];
    const at = services.now();
    const note = { ...audit, at, after: { numbers: numbers.length, reason } };
    added += await services.store.dial.suppress(workspace, numbers, { reason, actor, at }, note);
    return good.map(() => 'added' as const);
  };
  const rules = { columns, country: null, zones: new Zones([]) };
  await takeRows(rows, rules, { tally, taker: { take } });
  const { accepted, ...told } = tally.answer();
  return { ...told, added, known: accepted - added, columns: columns.asRead() };
}

interface FileOptions extends z.infer<typeof upload> {
  readonly services: Services;
  readonly desk: ListDesk;
}

function addFile(request: FastifyRequest, reply: FastifyReply, { services, desk, map, reason }: FileOptions) {
  return desk.take(request, reply, ({ format, bytes, tally }) => {
    if (format === 'json') throw new HttpProblem('validation-failed', 'body: must be {"numbers": [...]}.');
    const columns = new Columns(map === undefined ? new Map() : parseMapping(map));
    return add(request, services, { rows: sourceRows({ format, bytes, columns }), columns, tally, reason });
  });
}

async function listPage(
  request: FastifyRequest,
  { store, box, numbersSeen }: Services,
  { limit, cursor }: z.infer<typeof page>,
): Promise<DoNotCallList> {
  const principal = principalOf(request);
  const { workspace } = principal;
  // The place in the list is a number, which not everybody may see.
  const scope = `do-not-call/${workspace}`;
  const after = cursor === undefined ? '' : opened(() => box.open(cursor, scope));
  const found = await store.dial.suppressed(workspace, after, limit + 1);
  const shown = found.slice(0, limit);
  if (shown.length > 0) numbersSeen.shown('do-not-call', { principal, campaignId: '', address: request.ip });
  const last = shown.at(-1);
  return {
    items: shown.map((entry) => entryView(entry, maskOf(principal) === 'full')),
    nextCursor: last && found.length > limit ? box.seal(last.number, scope) : null,
  };
}

function opened(open: () => string): string {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof CannotOpen)) throw error;
    throw new HttpProblem('validation-failed', 'cursor: is none of this list; begin without one.');
  }
}

function entryView({ number, reason, addedAt, addedBy }: Suppressed, isWhole: boolean): DoNotCallEntry {
  const shown = shownNumber(number);
  return { number: isWhole ? shown : maskNumber(shown), reason, addedAt: iso(addedAt), addedBy };
}
