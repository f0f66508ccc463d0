import type { Call, CallList, Contact, ContactList } from '@ringside/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DRILL, playDrill, second, sendEvents } from '../testing/drill-campaign.ts';
import { readCsv } from '../testing/read-csv.ts';
import { type TestServer, testServer } from '../testing/running-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
  await playDrill(server);
});
afterAll(() => server.stop());

async function text(path: string): Promise<string> {
  const response = await server.get(`/v1/campaigns/${path}`);
  expect(response.status).toBe(200);
  return response.text();
}

const csv = async (path: string) => readCsv(await text(path));
const ndjson = async <T>(path: string): Promise<T[]> =>
  (await text(path))
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as T);
const items = async <T>(path: string): Promise<T[]> => (JSON.parse(await text(path)) as { items: T[] }).items;

/** A call as a row of the file. */
function rowOf({ ids, attributes, ...call }: Call): Record<string, string> {
  const cells = Object.entries(call).map(([name, value]) => [name, value === null ? '' : String(value)]);
  return {
    ...Object.fromEntries(cells),
    attemptIds: ids.attempt.join(' '),
    requestIds: ids.request.join(' '),
    callIds: ids.call.join(' '),
    externalIds: ids.external.join(' '),
    attributes: JSON.stringify(attributes),
  };
}

describe('the head of a file', () => {
  it.each(['calls.csv', 'calls.ndjson', 'contacts.csv', 'contacts.ndjson'])(
    'of %s is that of the file, and nobody is said to have taken it',
    async (file) => {
      const path = `/v1/campaigns/${DRILL}/${file}`;
      const exportsTold = async () =>
        (await (await server.get('/v1/audit?action=numbers.seen&limit=500')).json()).items.length as number;
      const before = await exportsTold();
      const head = await server.send('HEAD', path, undefined);
      expect([head.status, await head.text()]).toEqual([200, '']);
      expect(await exportsTold()).toBe(before);
      const whole = await server.get(path);
      for (const name of ['content-type', 'content-disposition', 'cache-control'])
        expect(head.headers.get(name), name).toBe(whole.headers.get(name));
      await whole.text();
      expect((await server.send('HEAD', '/v1/campaigns/nobody/calls.csv', undefined)).status).toBe(404);
    },
  );

  it.each(['audit.csv', 'audit.ndjson'])('of %s likewise', async (file) => {
    const head = await server.send('HEAD', `/v1/${file}`, undefined);
    expect([head.status, await head.text()]).toEqual([200, '']);
    const whole = await server.get(`/v1/${file}`);
    expect(head.headers.get('content-type')).toBe(whole.headers.get('content-type'));
    expect((await whole.text()).length).toBeGreaterThan(100);
  });
});

describe('an export', () => {
  it.each(['', 'outcome=busy,machine', 'state=live', 'minDuration=60&answeredBy=human', 'number=999999'])(
    'of calls by “%s” equals the list',
    async (query) => {
      const list = await items<Call>(`${DRILL}/calls?limit=500&${query}`);
      expect(await ndjson<Call>(`${DRILL}/calls.ndjson?${query}`)).toEqual(list);
      const { header, rows } = await csv(`${DRILL}/calls.csv?${query}`);
      expect(rows).toEqual(list.map(rowOf));
      expect(header.slice(0, 2)).toEqual(['callUUID', 'attemptIds']);
    },
  );

  it.each(['', 'state=reached', 'lead=no-answer'])('of contacts by “%s” equals the list', async (query) => {
    const list = await items<Contact>(`${DRILL}/contacts?limit=500&${query}`);
    expect(list.length).toBeGreaterThan(0);
    expect(await ndjson<Contact>(`${DRILL}/contacts.ndjson?${query}`)).toEqual(list);
    const { rows } = await csv(`${DRILL}/contacts.csv?${query}`);
    expect(rows.map(({ number, attributes }) => [number, JSON.parse(attributes ?? '')])).toEqual(
      list.map(({ number, attributes }) => [number, attributes]),
    );
  });

  it('names its file and its content', async () => {
    await sendEvents(server, [{ type: 'initiated', campaignId: 'a:b', callId: 'x', at: second(0) }]);
    const response = await server.get('/v1/campaigns/a:b/calls.csv');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="a_b-calls.csv"');
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    const contacts = await server.get('/v1/campaigns/a:b/contacts.ndjson');
    expect(contacts.headers.get('content-disposition')).toBe('attachment; filename="a_b-contacts.ndjson"');
    expect(contacts.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
  });

  it.each(['sort=duration', 'limit=5', 'cursor=abc', 'colour=red', 'outcome=gone'])('refuses %s', async (query) => {
    for (const format of ['csv', 'ndjson']) {
      expect((await server.get(`/v1/campaigns/${DRILL}/calls.${format}?${query}`)).status).toBe(400);
    }
  });
});

describe('a CSV', () => {
  const formulas = [
    '=1+1',
    '=cmd|"/c calc"!A1',
    '+cmd',
    '+91 98765; rm',
    '-2',
    '-2+3+cmd|" /C calc"!A0',
    '@SUM(1+1)',
    '\t=1+1',
    '\r=1+1',
    '\n=1+1',
    '＝1+1',
    '＋1',
    '－1',
    '＠x',
  ];
  const texts = [
    'plain',
    'a "quoted" word',
    'two\nlines',
    'two\r\nlines',
    'two\r=lines',
    'comma,=1+1',
    '"=1+1',
    'comma, semi;',
    'हिन्दी 😀',
    "'apostrophe",
    ' x',
  ];
  const all = [...formulas, ...texts];

  beforeAll(async () => {
    const about = (n: number) => ({ campaignId: 'cells', callId: `c-${String(n).padStart(2, '0')}`, at: second(n) });
    await sendEvents(
      server,
      all.flatMap((cell, n) => [
        {
          type: 'ended',
          ...about(n),
          status: 'completed',
          duration: 5,
          digits: cell.slice(0, 64),
          hangupSource: cell,
          hangupCause: cell,
          contactId: cell,
          from: cell,
          to: cell,
          attributes: { [cell.trim()]: cell },
        },
        { type: 'lead', ...about(n), leadStatus: 'hot', reason: cell },
      ]),
    );
  });

  it('has no cell that a spreadsheet would run, and loses nothing', async () => {
    for (const file of ['calls', 'contacts']) {
      const { rows } = await csv(`cells/${file}.csv`);
      const cells = rows.flatMap((row) => Object.values(row));
      expect(rows).toHaveLength(all.length);
      expect(cells.filter((cell) => /^[=+\-@\t\r\n＝＋－＠]/.test(cell))).toEqual([]);
      for (const cell of all) {
        const escaped = formulas.includes(cell) ? `'${cell}` : cell;
        const row = rows.find(({ contactId }) => contactId === escaped);
        expect(row, cell).toBeDefined();
        expect(JSON.parse(row?.attributes ?? '')).toEqual({ [cell.trim()]: cell });
        if (file === 'calls') expect(row?.leadReason).toBe(escaped);
      }
    }
  });

  it('shows a whole number in E.164 as it is', async () => {
    const { rows } = await csv(`${DRILL}/calls.csv?number=4320`);
    expect(rows[0]?.number).toMatch(/^\+9198765432\d\d$/);
  });

  it('keeps every value in NDJSON as it was given', async () => {
    const calls = await ndjson<Call>('cells/calls.ndjson');
    expect(calls.map(({ contactId, leadReason }) => [contactId, leadReason]).reverse()).toEqual(
      all.map((cell) => [cell, cell]),
    );
  });
});

it('a list and its export agree for calls and contacts of a page’s size and more', async () => {
  const events = Array.from({ length: 1_700 }, (_, n) => ({
    type: 'ended' as const,
    campaignId: 'wide',
    callId: `w-${n}`,
    at: second(n % 90),
    status: 'busy' as const,
    to: `+9198765${String(n).padStart(5, '0')}`,
  }));
  await sendEvents(server, events.slice(0, 1_000));
  await sendEvents(server, events.slice(1_000));
  for (const kind of ['calls', 'contacts'] as const) {
    const found: (Call | Contact)[] = [];
    let cursor: string | null = null;
    do {
      const page = JSON.parse(await text(`wide/${kind}?limit=499${cursor === null ? '' : `&cursor=${cursor}`}`)) as
        | CallList
        | ContactList;
      found.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(found).toHaveLength(1_700);
    expect(await ndjson(`wide/${kind}.ndjson`)).toEqual(found);
  }
});
