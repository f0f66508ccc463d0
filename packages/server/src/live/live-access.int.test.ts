import { DatabaseSync } from '@photostructure/sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccessTables } from '../store/sqlite/access-tables.ts';
import { databasePath } from '../store/sqlite/database.ts';
import { LiveReader } from '../testing/live-reader.ts';
import { type TestServer, temporaryFolder, testServer } from '../testing/running-server.ts';
import { keyHeaders } from '../testing/viewer.ts';
import { makeKey, workspaceKey } from '../testing/workspace.ts';

const HOST_PAGE = 'https://host.example';
const folder = temporaryFolder();
let server: TestServer;
let mine: { authorization: string };
beforeAll(async () => {
  server = await testServer({ RINGSIDE_DATA: folder.path, ALLOWED_ORIGINS: HOST_PAGE });
  mine = await workspaceKey(server, 'mine');
  await server.send('POST', '/v1/campaigns', { id: 'c-1', name: 'Mine' }, mine);
  await server.send('POST', '/v1/campaigns', { id: 'c-2', name: 'Mine too' }, mine);
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

const reader = (headers: Record<string, string>, query = '') => new LiveReader(server.url, headers, query);
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/** What a reader is told who asks for both topics. */
async function topicsOf(live: LiveReader, campaignId = 'c-1'): Promise<{ campaign: string; overview: string }> {
  await live.say({ type: 'subscribe', campaignId });
  const campaign = await live.until((message) => 'campaignId' in message && message.campaignId === campaignId);
  await live.say({ type: 'subscribe', overview: true });
  const overview = await live.until(
    (message) => message.type === 'overview-snapshot' || (message.type === 'error' && !('campaignId' in message)),
  );
  live.close();
  return { campaign: said(campaign), overview: said(overview) };
}
const said = (message: { type: string; code?: string }): string => message.code ?? message.type;

async function openShare(body: object): Promise<{ url: string; cookie: string; id: string }> {
  const link = await (await server.send('POST', '/v1/share-links', body, mine)).json();
  const { pathname, hash } = new URL(link.url);
  const opened = await server.send('POST', `${pathname}/session`, { secret: hash.slice(1) }, { authorization: '' });
  const cookie = opened.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
  return { url: server.url + pathname, cookie, id: link.id };
}

describe('live topics', () => {
  it('are for people of the workspace', async () => {
    expect(await topicsOf(reader(mine))).toEqual({ campaign: 'snapshot', overview: 'overview-snapshot' });
    const viewer = await workspaceKey(server, 'mine', { role: 'viewer' });
    expect(await topicsOf(reader(viewer))).toEqual({ campaign: 'snapshot', overview: 'overview-snapshot' });
    const other = await workspaceKey(server, 'other');
    expect(await topicsOf(reader(other))).toEqual({ campaign: 'campaign-not-found', overview: 'overview-snapshot' });
  });

  it('are refused to who has no key that counts, or whose scopes do not let them read', async () => {
    expect(await reader({}).refusal()).toBe(401);
    expect(await reader(bearer('wrong')).refusal()).toBe(401);
    expect(await reader(keyHeaders(folder.path, { workspace: 'mine', expiresAt: 1 })).refusal()).toBe(401);
    expect(await reader(keyHeaders(folder.path, { workspace: 'mine', revokedAt: 1 })).refusal()).toBe(401);
    expect(await reader(keyHeaders(folder.path, { role: 'operator', scopes: ['ingest'] })).refusal()).toBe(403);
  });

  it('are refused to pages of other origins', async () => {
    expect(await reader({ ...mine, origin: 'https://evil.example' }).refusal()).toBe(403);
    expect(await topicsOf(reader({ ...mine, origin: HOST_PAGE }))).toMatchObject({ campaign: 'snapshot' });
  });

  it('of a share link are what it shares', async () => {
    const campaign = await openShare({ campaignId: 'c-1' });
    const open = (share: typeof campaign) => new LiveReader(share.url, { cookie: share.cookie });
    expect(await topicsOf(open(campaign))).toEqual({ campaign: 'snapshot', overview: 'forbidden' });
    expect(await topicsOf(open(campaign), 'c-2')).toMatchObject({ campaign: 'campaign-not-found' });
    const overview = await openShare({});
    expect(await topicsOf(open(overview))).toEqual({ campaign: 'forbidden', overview: 'overview-snapshot' });
    expect(await reader({ cookie: campaign.cookie }).refusal()).toBe(401);
    expect(await new LiveReader(overview.url, { cookie: campaign.cookie }).refusal()).toBe(401);
  });
});

describe('a connection', () => {
  it('is closed when it asks again and again, which would fill the memory', async () => {
    const live = reader(mine);
    for (let asked = 0; asked < 500; asked += 1) await live.say({ type: 'subscribe', campaignId: 'c-1' });
    expect(await live.closed).toMatchObject({ code: 1013 });
    expect(live.messages.length).toBeLessThan(400);
  });
});

describe('a ticket', () => {
  const ask = async (headers: Record<string, string>): Promise<string> =>
    (await (await server.send('POST', '/v1/live/tickets', {}, { ...mine, ...headers })).json()).ticket;

  it('opens one connection', async () => {
    const ticket = await ask({});
    expect(await topicsOf(reader({}, `?ticket=${ticket}`))).toEqual({
      campaign: 'snapshot',
      overview: 'overview-snapshot',
    });
    expect(await reader({}, `?ticket=${ticket}`).refusal()).toBe(401);
  });

  it('is good for the page that asked for it only', async () => {
    const ticket = await ask({ origin: HOST_PAGE });
    expect(await reader({ origin: server.url }, `?ticket=${ticket}`).refusal()).toBe(401);
    const again = await ask({ origin: HOST_PAGE });
    expect(await topicsOf(reader({ origin: HOST_PAGE }, `?ticket=${again}`))).toMatchObject({ campaign: 'snapshot' });
  });
});

describe('an open connection ends when', () => {
  /** Opens and follows a campaign. */
  async function follow(live: LiveReader): Promise<LiveReader> {
    await live.say({ type: 'subscribe', campaignId: 'c-1' });
    await live.until((message) => message.type === 'snapshot');
    return live;
  }

  it('its key is revoked', async () => {
    const key = await makeKey(server, { workspace: 'mine', role: 'viewer' });
    const live = await follow(reader(bearer(key.key)));
    await server.send('DELETE', `/v1/keys/${key.id}`, undefined, mine);
    expect(await live.closed).toMatchObject({ code: 4401 });
  });

  it('its key is revoked on another node, which this one only hears of from the store', async () => {
    const key = await makeKey(server, { workspace: 'mine', role: 'viewer' });
    const live = await follow(reader(bearer(key.key)));
    const db = new DatabaseSync(databasePath(folder.path));
    db.exec('PRAGMA busy_timeout = 5000');
    const audit = {
      at: Date.now(),
      workspace: 'mine',
      actor: 'test',
      address: null,
      action: 'key.revoked',
      target: key.id,
    };
    new AccessTables(db).run('changeKey', ['mine', key.id, { revokedAt: Date.now() }, audit]);
    db.close();
    // It looks every 0.4 s; a busy machine may take longer to get round to it.
    const from = Date.now();
    expect(await live.closed).toMatchObject({ code: 4401 });
    expect(Date.now() - from).toBeLessThan(3_000);
  });

  it('its key is given another role; then it may come back as that', async () => {
    const key = await makeKey(server, { workspace: 'mine', role: 'operator' });
    const live = await follow(reader(bearer(key.key)));
    await server.send('PATCH', `/v1/keys/${key.id}`, { role: 'viewer' }, mine);
    expect(await live.closed).toMatchObject({ code: 4409 });
    await follow(reader(bearer(key.key)));
  });

  it('its session is signed out', async () => {
    const signedIn = await server.send(
      'POST',
      '/v1/session',
      { key: mine.authorization.slice(7) },
      { authorization: '' },
    );
    const cookie = signedIn.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
    const live = await follow(reader({ cookie }));
    await fetch(`${server.url}/v1/session`, { method: 'DELETE', headers: { cookie, origin: server.url } });
    expect(await live.closed).toMatchObject({ code: 4401 });
  });

  it('its share link is ended, and so does its event stream', async () => {
    const share = await openShare({ campaignId: 'c-1' });
    const live = await follow(new LiveReader(share.url, { cookie: share.cookie }));
    const stream = await fetch(`${share.url}/v1/campaigns/c-1/live`, { headers: { cookie: share.cookie } });
    await server.send('DELETE', `/v1/share-links/${share.id}`, undefined, mine);
    expect(await live.closed).toMatchObject({ code: 4401 });
    expect(await stream.text()).toContain('event: snapshot');
    expect((await fetch(`${share.url}/v1/session`, { headers: { cookie: share.cookie } })).status).toBe(401);
  });

  it('its workspace is closed', async () => {
    const closing = await workspaceKey(server, 'closing');
    await server.send('POST', '/v1/campaigns', { id: 'c-1', name: 'Here' }, closing);
    const live = await follow(reader(closing));
    await server.send('PATCH', '/v1/workspaces/closing', { closed: true });
    expect(await live.closed).toMatchObject({ code: 4401 });
    expect((await server.get('/v1/campaigns', closing)).status).toBe(401);
  });
});
