import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalServer } from '../http-server.ts';
import { type ApiWorld, startApiWorld } from '../testing/api-world.ts';
import { startControlServer } from './control-server.ts';

let world: ApiWorld;
let control: LocalServer;
beforeEach(async () => {
  world = await startApiWorld({ speed: 1_000 });
  control = await startControlServer(world.api);
});
afterEach(async () => {
  await control.close();
  await world.close();
});

const read = async (path: string) => (await fetch(control.url + path)).text();
const lines = async (path: string) =>
  (await read(path))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
const order = (body: unknown) => fetch(`${control.url}/faults`, { method: 'POST', body: JSON.stringify(body) });

describe('another process', () => {
  it('is told every call and every request, all or of one campaign', async () => {
    const { dial, dialer, api } = world;
    await dial('919000000001');
    await dial('919000000002', { answer_url: `${dialer.url}/answer?campId=c-2&attemptId=twice` });
    await dial('919000000002', { answer_url: `${dialer.url}/answer?campId=c-2&attemptId=twice` });
    await expect.poll(() => api.summary().counts.over, { timeout: 20_000 }).toBe(3);
    await api.settle();
    expect(await lines('/record')).toEqual(JSON.parse(JSON.stringify(api.placed)));
    expect((await lines('/record?campaign=c-2')).map(({ attemptId }) => attemptId)).toEqual(['twice', 'twice']);
    expect(await lines('/posts')).toMatchObject([{ status: 201, attemptId: 'a-1' }, {}, {}]);
    const summary = JSON.parse(await read('/summary?campaign=c-2'));
    expect(summary).toMatchObject({
      counts: { posts: 3, calls: 2, over: 2 },
      totals: { attempts: 2, contactsTried: 1, reached: 1 },
      ledger: { reached: 1, unreached: 0, inFlight: 0 },
      dialedTwice: ['twice'],
    });
  });

  it('decides what goes wrong', async () => {
    expect((await order({ next: ['fail-before'], forbidden: ['+1900'] })).status).toBe(200);
    expect((await world.dial('919000000001')).status).toBe(503);
    expect((await world.dial('19005550001')).status).toBe(403);
    expect(JSON.parse(await read('/faults'))).toMatchObject({ forbidden: ['+1900'], shares: {} });
    expect((await order({ shares: { nothing: 1 } })).status).toBe(400);
    expect((await fetch(`${control.url}/nothing`)).status).toBe(404);
  });
});
