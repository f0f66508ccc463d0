import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiWorld, answering, authId, ringing, startApiWorld, until } from '../testing/api-world.ts';

let world: ApiWorld;
afterEach(() => world.close());

describe('calls that live or wait', () => {
  beforeEach(async () => {
    world = await startApiWorld({ scenario: ringing, speed: 1, callsPerSecond: 0.5 });
  });

  it('are listed by id, and told one by one', async () => {
    const { ask, dial } = world;
    const first = (await dial('919000000001')).body.request_uuid;
    const second = (await dial('919000000002')).body.request_uuid;
    await until(() => world.api.placed.length === 1);
    const live = await ask('GET', '/Call/?status=live');
    expect(live).toMatchObject({ status: 200, body: { api_id: expect.any(String), calls: [first] } });
    expect((await ask('GET', '/Call/?status=queued')).body.calls).toEqual([second]);
    expect((await ask('GET', `/Call/${first}/?status=live`)).body).toMatchObject({
      ...{
        call_status: 'ringing',
        from: '+918035735601',
        to: '919000000001',
        request_uuid: first,
        direction: 'outbound',
      },
    });
    expect((await ask('GET', `/Call/${second}/?status=queued`)).body).toMatchObject({
      ...{ call_status: 'queued', to: '919000000002', call_uuid: second, request_uuid: second },
    });
    expect((await ask('GET', `/Call/${first}/?status=queued`)).status).toBe(404);
    expect((await ask('GET', `/Call/${second}/?status=live`)).status).toBe(404);
    expect((await ask('GET', `/Call/${second}/`)).status).toBe(404);
    expect((await ask('GET', '/Call/?status=other')).status).toBe(400);
  });

  it('can be asked for by number while they live; the list of waiting ones is always whole', async () => {
    const { ask, dial } = world;
    const first = (await dial('919000000001')).body.request_uuid;
    const second = (await dial('919000000002')).body.request_uuid;
    await until(() => world.api.placed.length === 1);
    const named = async (query: string) => (await ask('GET', `/Call/?${query}`)).body.calls;
    expect(await named('status=live&to_number=%2B919000000001&from_number=918035735601')).toEqual([first]);
    expect(await named('status=live&to_number=919000000002')).toEqual([]);
    expect(await named('status=live&from_number=918035735602')).toEqual([]);
    expect(await named('status=queued&to_number=919000000001')).toEqual([second]);
  });
});

describe('records of calls that are over', () => {
  it('are told one by one, and listed a page at a time, the last to end first', async () => {
    world = await startApiWorld({ speed: 1_000 });
    for (let index = 0; index < 5; index += 1) {
      await world.dial(`91900000000${index}`);
      await until(() => world.api.summary().counts.over === index + 1);
    }
    const { ask, api } = world;
    const [first, ...others] = api.placed.map(({ callUuid }) => callUuid);
    expect((await ask('GET', `/Call/${first}/`)).body).toMatchObject({
      ...{ call_uuid: first, to_number: '919000000000', call_state: 'ANSWER', call_direction: 'outbound' },
    });
    const page = (await ask('GET', '/Call/?limit=2&offset=2&from_number=918035735601')).body;
    expect(page.objects.map(({ call_uuid: id }: { call_uuid: string }) => id)).toEqual([others[1], others[0]]);
    expect(page.meta).toEqual({
      ...{ limit: 2, offset: 2, total_count: 5 },
      next: `/v1/Account/${authId}/Call/?limit=2&offset=4&from_number=918035735601`,
      previous: `/v1/Account/${authId}/Call/?limit=2&offset=0&from_number=918035735601`,
    });
    expect((await ask('GET', '/Call/')).body.meta).toMatchObject({ limit: 20, offset: 0, next: null, previous: null });
  });

  it('come late, and reads may fail, where that is set', async () => {
    world = await startApiWorld({ scenario: answering, speed: 1_000, lateSeconds: 3_600 });
    const { body } = await world.dial('919000000001');
    await until(() => world.api.summary().counts.over === 1);
    expect((await world.ask('GET', `/Call/${body.request_uuid}/`)).status).toBe(404);
    expect((await world.ask('GET', '/Call/')).body.meta.total_count).toBe(0);
    world.api.faults.set({ reads: 1 });
    const statuses = [];
    for (let i = 0; i < 2; i += 1) statuses.push((await world.ask('GET', '/Call/?status=live')).status);
    expect(statuses.sort()).toEqual([429, 503]);
  });
});

describe('what is no route', () => {
  it('is refused in Plivo’s form', async () => {
    world = await startApiWorld();
    const refused = async (method: string, path: string) => (await world.ask(method, path)).status;
    expect(await refused('PUT', '/Call/')).toBe(405);
    expect(await refused('GET', '/Request/x/')).toBe(405);
    expect(await refused('POST', '/Call/x/')).toBe(405);
    expect(await refused('DELETE', '/Request/')).toBe(404);
    expect(await refused('DELETE', '/Call/x/')).toBe(404);
    expect((await world.ask('POST', '/Call/', 'x'.repeat(1_000_000))).status).toBe(413);
    expect((await fetch(`${world.api.url}//`)).status).toBe(401);
  });
});
