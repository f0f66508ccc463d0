import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHANGES_PER_DAY } from '../store/limits.ts';
import { type TestServer, testServer } from '../testing/running-server.ts';

const DAY_MS = 24 * 3_600_000;
/** Noon: the day does not end meanwhile. */
const ahead = DAY_MS / 2 - (Date.now() % DAY_MS);

let server: TestServer;
beforeAll(async () => {
  server = await testServer({}, { now: () => Date.now() + ahead });
});
afterAll(() => server.stop());

describe('what a dialer says of a campaign without end', () => {
  const changes = (count: number, from: number, campaignId = 'toggled') => ({
    events: Array.from({ length: count }, (_, n) => ({
      ...{ type: 'campaign', campaignId, change: n % 2 === 0 ? 'paused' : 'resumed' },
      at: new Date(from + n * 1_000).toISOString(),
    })),
  });
  const from = Date.now() + ahead - 4_000_000;

  it('is 429 beyond its day’s changes, each for itself, and never for what a person commands', async () => {
    await server.send('POST', '/v1/campaigns', { id: 'toggled', name: 'T', dialer: 'external' });
    for (let sent = 0; sent < CHANGES_PER_DAY; sent += 1_000) {
      const taken = await (await server.send('POST', '/v1/events', changes(1_000, from + sent * 1_000))).json();
      expect(new Set(taken.results.map(({ result }: { result: string }) => result))).toEqual(new Set(['accepted']));
    }
    const over = await server.send('POST', '/v1/events', changes(2, from + CHANGES_PER_DAY * 1_000));
    expect([over.status, await over.json()]).toMatchObject([429, { code: 'too-many-events' }]);
    const wait = Number(over.headers.get('retry-after'));
    expect([wait > 0, wait <= DAY_MS / 1_000]).toEqual([true, true]);
    const { events } = changes(1, from + CHANGES_PER_DAY * 1_000);
    const mixed = [...events, ...changes(1, from).events, ...changes(1, from, 'quiet').events];
    expect((await (await server.send('POST', '/v1/events', { events: mixed })).json()).results).toMatchObject([
      { index: 0, result: 'rejected', code: 'too-many-events' },
      { index: 1, result: 'unchanged' },
      { index: 2, result: 'accepted' },
    ]);
    expect((await server.send('PATCH', '/v1/campaigns/toggled', { name: 'Still mine' })).status).toBe(200);
  });

  it('is shown page by page, the newest first', async () => {
    const path = '/v1/campaigns/toggled/timeline';
    const seen: string[] = [];
    let cursor = '';
    for (let pages = 0; pages < 20; pages += 1) {
      const { items, nextCursor } = await (await server.get(`${path}?limit=500${cursor}`)).json();
      seen.unshift(...items.map(({ at }: { at: string }) => at));
      if (nextCursor === null) break;
      cursor = `&cursor=${encodeURIComponent(nextCursor)}`;
    }
    expect(seen).toHaveLength(CHANGES_PER_DAY + 2);
    expect(seen).toEqual(seen.toSorted());
    const first = await (await server.get(path)).json();
    expect(first.items.at(-1)).toMatchObject({ kind: 'changed' });
    expect(first.items.length).toBeLessThan(1_000);
    expect(first.nextCursor).not.toBeNull();
  });
});
