import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { LiveReader } from '../testing/live-reader.ts';
import { Exposition } from '../testing/read-exposition.ts';
import { AUTH_ID, hangup, KEY, type TestServer, temporaryFolder, testServer } from '../testing/running-server.ts';
import { startProcess } from '../testing/server-process.ts';
import { makeKey, workspaceKey } from '../testing/workspace.ts';

/** Words that only one client should ever read. */
const canaries = { workspace: 'ws-canary', campaign: 'campaign-canary', call: 'call-canary', number: '9842717101' };

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

async function scrape(): Promise<Exposition> {
  const response = await server.get('/metrics');
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ]);
  return new Exposition(await response.text());
}

/** How much each line grew while something was done. */
async function growth(of: readonly string[], work: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await scrape();
  await work();
  const after = await scrape();
  return Object.fromEntries(of.map((line) => [line, (after.value(line) ?? 0) - (before.value(line) ?? 0)]));
}

describe('GET /metrics', () => {
  it('counts receipts by kind and result, commits, and the time until each was durable', async () => {
    const receipts = (kind: string, result: string) => `ringside_receipts_total{kind="${kind}",result="${result}"}`;
    const form = hangup('call-1');
    const event = { type: 'initiated', campaignId: 'c-1', callId: 'e-1', at: new Date().toISOString() };
    const grown = await growth(
      [
        ...['accepted', 'unchanged', 'aside'].map((result) => receipts('callback', result)),
        ...['accepted', 'unchanged', 'rejected'].map((result) => receipts('event', result)),
        'ringside_receipt_durable_seconds_count',
        'ringside_receipt_durable_seconds_bucket{le="+Inf"}',
        'ringside_commit_receipts_sum',
        'ringside_unassigned_deliveries',
      ],
      async () => {
        for (const _time of [1, 2]) await server.callback('hangup', 'c-1', form);
        await server.callback('hangup', 'testcall', hangup('call-2'));
        const events = [event, { ...event, callId: 'e-2' }, { ...event, callId: 'e-3', at: 'yesterday' }];
        for (const _time of [1, 2]) await server.send('POST', '/v1/events', { events });
      },
    );
    expect(Object.values(grown)).toEqual([1, 1, 1, 2, 2, 2, 7, 7, 7, 1]);
    const now = await scrape();
    const commits = now.value('ringside_commit_duration_seconds_count') ?? 0;
    expect(commits).toBe(now.value('ringside_commit_receipts_count'));
    expect(commits).toBeGreaterThan(0);
    expect([now.value('ringside_intake_waiting'), now.value('ringside_intake_waiting_bytes')]).toEqual([0, 0]);
    expect(now.value('ringside_last_callback_timestamp_seconds')).toBeGreaterThan(Date.now() / 1_000 - 3_600);
  });

  it('counts callbacks that are not believed, by reason', async () => {
    const refused = (reason: string) => `ringside_callbacks_refused_total{reason="${reason}"}`;
    const grown = await growth([refused('signature-invalid'), refused('account-unknown')], async () => {
      await fetch(`${server.url}/plivo/ring-url`, { method: 'POST' });
      const headers = { 'x-plivo-signature-v3': 'x', 'x-plivo-signature-v3-nonce': '1' };
      for (const authId of ['MASTRANGER1', 'MASTRANGER2', AUTH_ID])
        await fetch(`${server.url}/plivo/ring-url?ParentAuthID=${authId}`, { headers });
    });
    expect(Object.values(grown)).toEqual([2, 2]);
  });

  it('counts requests by route, method and class of status, and how long they took', async () => {
    await server.send('POST', '/v1/campaigns', { id: 'c-2', name: 'Two' });
    const of = (labels: string) => `ringside_http_requests_total{${labels}}`;
    const polls = 'method="GET",route="/v1/campaigns/:id/report"';
    const grown = await growth(
      [
        ...[of(`${polls},status="2xx"`), of(`${polls},status="3xx"`), of(`${polls},status="4xx"`)],
        `ringside_http_request_duration_seconds_count{${polls}}`,
        ...[of('method="HEAD",route="/v1/campaigns/:id/report",status="2xx"')],
        of('method="any",route="none",status="4xx"'),
        of('method="GET",route="/metrics",status="2xx"'),
      ],
      async () => {
        const first = await server.get('/v1/campaigns/c-2/report');
        await server.get('/v1/campaigns/c-2/report', { 'if-none-match': first.headers.get('etag') ?? '' });
        await server.get('/v1/campaigns/none/report');
        await fetch(`${server.url}/v1/campaigns/c-2/report`, { headers: { authorization: 'Bearer wrong' } });
        await server.send('HEAD', '/v1/campaigns/c-2/report', undefined);
        for (const path of ['/nothing', '/assets/../nothing', '/%ff']) await server.get(path);
      },
    );
    expect(Object.values(grown)).toEqual([1, 1, 2, 4, 1, 3, 1]);
  });

  it('counts viewers, messages, and readings of reports', async () => {
    await server.send('POST', '/v1/campaigns', { id: 'c-3', name: 'Three' });
    const viewers = (transport: string) => `ringside_live_viewers{transport="${transport}"}`;
    const snapshots = 'ringside_live_messages_total{type="snapshot"}';
    const reads = (result: string) => `ringside_report_reads_total{result="${result}"}`;
    const live = new LiveReader(server.url, { authorization: `Bearer ${KEY}` });
    const hangUp = new AbortController();
    onTestFinished(() => live.close());
    const grown = await growth(
      [viewers('websocket'), viewers('sse'), snapshots, reads('miss'), reads('hit')],
      async () => {
        await live.say({ type: 'subscribe', campaignId: 'c-3' });
        await live.until(({ type }) => type === 'snapshot');
        for (const _time of [1, 2]) await server.get('/v1/campaigns/c-3/report?recent=5');
        const headers = { authorization: `Bearer ${KEY}` };
        const stream = await fetch(`${server.url}/v1/campaigns/c-3/live`, { headers, signal: hangUp.signal });
        await stream.body?.getReader().read();
        await expect.poll(async () => (await scrape()).value(snapshots)).toBeGreaterThanOrEqual(2);
      },
    );
    const { [reads('miss')]: misses, [reads('hit')]: hits, ...counted } = grown;
    expect(Object.values(counted)).toEqual([1, 1, 2]);
    // A tick of the clock in between makes one more of them a miss.
    expect((misses ?? 0) + (hits ?? 0)).toBeGreaterThanOrEqual(4);
    expect(misses).toBeGreaterThanOrEqual(1);
    expect(hits).toBeGreaterThanOrEqual(1);

    live.close();
    hangUp.abort();
    await expect.poll(async () => (await scrape()).value(viewers('websocket'))).toBe(0);
    await expect.poll(async () => (await scrape()).value(viewers('sse'))).toBe(0);
    const now = await scrape();
    expect([...now.values.keys()].filter((line) => line.includes('duration') && line.includes('/live'))).toEqual([]);
  });

  it('says what runs, whether it is ready, and what goes on by itself', async () => {
    const now = await scrape();
    expect(now.value('ringside_build_info{version="0.1.0"}')).toBe(1);
    expect(now.value('ringside_ready')).toBe(1);
    await expect.poll(async () => (await scrape()).value('ringside_work_running{work="retention"}')).toBe(0);
    expect((await scrape()).value('ringside_work_chunks_total{work="retention"}')).toBeGreaterThanOrEqual(1);
    expect(now.value('ringside_work_failures_total{work="erasure"}')).toBe(0);
    expect(now.value('ringside_sweep_calls_total{result="lost"}')).toBe(0);
    expect(now.names.every((name) => /^ringside_[a-z_]+$/.test(name))).toBe(true);
    const counters = now.names.filter((name) => name.endsWith('_total'));
    expect(counters.every((name) => now.types.get(name) === 'counter')).toBe(true);
  });

  it('names no workspace, campaign, call, key or number', async () => {
    const key = await workspaceKey(server, canaries.workspace);
    const campaign = `/v1/campaigns/${canaries.campaign}`;
    await server.send('POST', '/v1/campaigns', { id: canaries.campaign, name: canaries.campaign }, key);
    const about = { campaignId: canaries.campaign, callId: canaries.call, to: `+91${canaries.number}` };
    const events = [{ type: 'initiated', ...about, at: new Date().toISOString() }];
    await server.send('POST', '/v1/events', { events }, key);
    for (const path of ['', '/report', '/calls', `/calls/${canaries.call}`, `/calls?to=${canaries.number}`])
      await server.get(campaign + path, key);
    await server.get(`/${canaries.number}`, key);
    await fetch(`${server.url}/w/${canaries.workspace}/plivo/ring-url`, { method: 'POST' });
    const text = await (await server.get('/metrics')).text();
    expect(text).toContain('route="/v1/campaigns/:id/calls/:callId"');
    const words = [...Object.values(canaries), key.authorization.slice(7), KEY, AUTH_ID];
    expect(words.filter((word) => text.includes(word))).toEqual([]);
  });
});

describe('who may read metrics', () => {
  it('a key of the default workspace with that right; one narrowed to it may nothing else', async () => {
    const { key } = await makeKey(server, { role: 'admin', scopes: ['metrics'] });
    const narrow = { authorization: `Bearer ${key}` };
    const statuses = async (headers: Record<string, string>) => {
      const paths = ['/metrics', '/v1/campaigns', '/v1/workspaces'];
      return Promise.all(paths.map(async (path) => (await fetch(server.url + path, { headers })).status));
    };
    expect(await statuses(narrow)).toEqual([200, 403, 403]);
    expect(await statuses(await workspaceKey(server, 'other'))).toEqual([403, 200, 200]);
    expect(await statuses(await workspaceKey(server, 'default', { role: 'operator' }))).toEqual([403, 200, 200]);
    expect(await statuses({})).toEqual([401, 401, 401]);
  });

  it('everybody, with METRICS_OPEN=1, who finds the process there too', async () => {
    const folder = temporaryFolder();
    const open = await startProcess(folder.path, { METRICS_OPEN: '1' });
    onTestFinished(async () => {
      open.child.kill('SIGKILL');
      await open.ended;
      folder.remove();
    });
    const response = await fetch(`${open.url}/metrics`);
    expect(response.status).toBe(200);
    const now = new Exposition(await response.text());
    expect(now.value('process_resident_memory_bytes')).toBeGreaterThan(10_000_000);
    expect(now.types.get('nodejs_eventloop_lag_p99_seconds')).toBe('gauge');
    expect((await fetch(`${open.url}/v1/campaigns`)).status).toBe(401);
  });
});
