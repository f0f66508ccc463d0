import { DatabaseSync } from '@photostructure/sqlite';
import { type AuditEntry, CampaignList, Overview } from '@ringside/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databasePath } from '../store/sqlite/database.ts';
import { type OpenLink, openLink } from '../testing/owned.ts';
import { type TestServer, temporaryFolder, testServer } from '../testing/running-server.ts';

const HOUR_MS = 3_600_000;
const CAMPAIGNS = 130;
const folder = temporaryFolder();
let ahead = 0;
let server: TestServer;
let link: OpenLink;
let overviewLink: OpenLink;
beforeAll(async () => {
  const settings = { RINGSIDE_DATA: folder.path, TRUST_PROXY: 'true' };
  server = await testServer(settings, { now: () => Date.now() + ahead });
  const at = new Date().toISOString();
  const events = Array.from({ length: CAMPAIGNS }, (_, n) => ({
    ...{ type: 'ended', campaignId: `c-${n}`, callId: `call-${n}`, at, to: '+919876543210' },
    ...{ status: 'completed', duration: 30 },
  }));
  await server.send('POST', '/v1/events', { events });
  link = await openLink(server.url, server.send, 'c-1');
  overviewLink = await openLink(server.url, server.send, null);
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

const shared = ({ path, cookie }: OpenLink, route: string) =>
  fetch(`${server.url}${path}/v1${route}`, { headers: { cookie } });
const past = (id: string) => `/campaigns/${id}/report?asOf=${new Date().toISOString()}`;

describe('a report of the past', () => {
  it('is made for no share link', async () => {
    const refused = await shared(link, past('c-1'));
    expect([refused.status, (await refused.json()).code]).toEqual([403, 'forbidden']);
    expect((await shared(link, '/campaigns/c-1/report')).status).toBe(200);
  });

  it('waits for its turn, and is refused 429 where very many wait', async () => {
    const asked = Array.from({ length: 250 }, () => server.get(`/v1${past('c-2')}`));
    const answers = await Promise.all(asked);
    const statuses = answers.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(32);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await server.get('/v1/campaigns/c-2/calls')).status).toBe(200);
  });

  it('that nobody waits for any more frees its place for others', async () => {
    const leaving = new AbortController();
    const asked = Array.from({ length: 30 }, () => server.get(`/v1${past('c-3')}`).catch(() => null));
    const left = Array.from({ length: 30 }, () =>
      fetch(`${server.url}/v1${past('c-3')}`, { signal: leaving.signal }).catch(() => null),
    );
    leaving.abort();
    await Promise.all([...asked, ...left]);
    expect((await server.get(`/v1${past('c-3')}`)).status).toBe(200);
  });
});

describe('a list of campaigns', () => {
  it('is whole, page by page, though it is read in chunks', async () => {
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `&cursor=${cursor}`;
      const page = CampaignList.parse(await (await server.get(`/v1/campaigns?limit=70${query}`)).json());
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(new Set(ids).size).toBe(CAMPAIGNS);
    expect(ids).toHaveLength(CAMPAIGNS);
  });

  it('is what its schema says, though the schema does not write it', async () => {
    for (const response of [await server.get('/v1/campaigns'), await shared(overviewLink, '/campaigns')]) {
      const sent = await response.json();
      expect(sent).toEqual(CampaignList.parse(sent));
      expect(sent.items).toHaveLength(50);
    }
  });
});

it('an overview that did not change costs a 304', async () => {
  const first = await server.get('/v1/overview');
  const etag = first.headers.get('etag') ?? '';
  const sent = await first.json();
  expect(sent).toEqual(Overview.parse(sent));
  expect(etag).toBe(`"${sent.revision}"`);
  const again = await server.get('/v1/overview', { 'if-none-match': etag });
  expect(again.status).toBe(304);
  const at = new Date().toISOString();
  await server.send('POST', '/v1/events', { events: [{ type: 'initiated', campaignId: 'c-5', callId: 'new', at }] });
  expect((await server.get('/v1/overview', { 'if-none-match': etag })).status).toBe(200);
});

describe('a share link that is opened again and again', () => {
  const stored = (sql: string): unknown[] => {
    const db = new DatabaseSync(databasePath(folder.path), { readOnly: true });
    const rows = db.prepare(sql).all();
    db.close();
    return rows;
  };
  const openings = async (): Promise<AuditEntry[]> =>
    (await (await server.get(`/v1/audit?action=share-link.opened&target=${opened.id}`)).json()).items;
  let opened: OpenLink;
  let secret: string;
  const open = (address: string) =>
    fetch(`${server.url}${opened.path}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
      body: JSON.stringify({ secret }),
    });

  beforeAll(async () => {
    const made = await (await server.send('POST', '/v1/share-links', { campaignId: 'c-1' })).json();
    const { pathname, hash } = new URL(made.url);
    opened = { id: made.id, path: pathname, cookie: '' };
    secret = hash.slice(1);
  });

  it('is one row of the audit log in an hour for each address', async () => {
    for (let n = 0; n < 5; n += 1) expect((await open('192.0.2.1')).status).toBe(204);
    expect(await openings()).toHaveLength(1);
    for (const address of ['192.0.2.2', '2001:db8::1', '2001:db8::2']) await open(address);
    expect((await openings()).map(({ address }) => address)).toEqual(['2001:db8::1', '192.0.2.2', '192.0.2.1']);
    ahead = HOUR_MS;
    await open('192.0.2.1');
    expect(await openings()).toHaveLength(4);
  });

  it('is one session, whose cookie opens its pages as long as it lasts, and another link’s is another', async () => {
    const cookies = await Promise.all(
      [1, 2, 3].map(async (n) => (await open(`192.0.2.${n}`)).headers.get('set-cookie')),
    );
    const values = new Set(cookies.map((cookie) => cookie?.split(';', 1)[0]));
    expect(values.size).toBe(1);
    expect(stored(`SELECT 1 FROM sessions WHERE share_id = '${opened.id}'`)).toHaveLength(1);
    const [cookie = ''] = values;
    expect(cookie).not.toContain(secret);
    expect((await shared({ ...opened, cookie }, '/campaigns/c-1/report')).status).toBe(200);
    expect(link.cookie).not.toBe(cookie);
    await server.send('DELETE', `/v1/share-links/${opened.id}`, undefined);
    expect((await shared({ ...opened, cookie }, '/campaigns/c-1/report')).status).toBe(401);
    expect((await open('192.0.2.1')).status).toBe(404);
  });
});
