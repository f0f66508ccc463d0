import { afterEach, describe, expect, it } from 'vitest';
import { type CallDetailOptions, type CallDetailServer, startCallDetailServer } from './call-detail-server.ts';
import { planCall } from './plan.ts';
import { type CallRecord, callRecord, type RunRecord } from './record.ts';
import { scenarios } from './scenarios.ts';

const account = { authId: 'MA1', authTokens: ['newer', 'older'] };
const START = Date.parse('2024-10-22T11:10:48.400Z');
const key = { seed: 's', campaignId: 'c', scenario: scenarios.steady };

let server: CallDetailServer;
afterEach(() => server.close());

/** The first planned call of a kind, placed at START. */
function callWhere(isWanted: (call: CallRecord) => boolean): CallRecord {
  for (let contact = 0; ; contact += 1) {
    const call = callRecord(planCall(key, contact, 1), (afterMs) => START + afterMs, '0.005');
    if (isWanted(call)) return call;
  }
}
const human = () => callWhere((call) => call.answeredBy === 'human' && call.duration > 60);
const busy = () => callWhere((call) => call.code === 3010);

async function serve(calls: CallRecord[], options: Partial<CallDetailOptions> = {}) {
  server = await startCallDetailServer({ ...account, now: () => START + 10_000_000, ...options });
  server.add({ calls } as unknown as RunRecord);
  return async (callUuid: string, { token = 'newer', query = '', as = 'MA1' } = {}) => {
    const authorization = `Basic ${Buffer.from(`MA1:${token}`).toString('base64')}`;
    const response = await fetch(`${server.url}/v1/Account/${as}/Call/${callUuid}/${query}`, {
      headers: { authorization },
    });
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Record<string, unknown>,
    };
  };
}

describe('call-detail records', () => {
  it('tell of an answered call what its hangup would have told, with times in the zone of the console', async () => {
    const call = { ...human(), ended: true };
    const get = await serve([call]);
    const { status, body } = await get(call.callUuid);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      call_uuid: call.callUuid,
      call_direction: 'outbound',
      call_state: 'ANSWER',
      call_duration: call.duration,
      bill_duration: call.duration,
      billed_duration: call.billDuration,
      total_amount: call.totalCost,
      hangup_cause_code: call.code,
      from_number: call.caller,
      to_number: call.number.slice(1),
      initiation_time: '2024-10-22 16:40:48+05:30',
      resource_uri: `/v1/Account/MA1/Call/${call.callUuid}/`,
    });
    for (const [name, at] of [
      ['answer_time', call.answeredAt],
      ['end_time', call.endedAt],
    ] as const) {
      expect(Date.parse(String(body[name]))).toBe(Math.floor(Number(at) / 1_000) * 1_000);
    }
  });

  it('have no answer time where nobody answered', async () => {
    const call = { ...busy(), ended: true };
    const get = await serve([call], { zone: 'America/New_York' });
    expect((await get(call.callUuid)).body).toMatchObject({
      answer_time: null,
      call_state: 'BUSY',
      call_duration: 0,
      hangup_cause_name: 'Busy Line',
      initiation_time: '2024-10-22 07:10:48-04:00',
    });
  });

  it('have no end while the call goes on, which is then among the live ones', async () => {
    const call = human();
    const get = await serve([call]);
    expect((await get(call.callUuid)).body).toMatchObject({
      end_time: null,
      hangup_cause_code: null,
      call_duration: 0,
    });
    const live = await get(call.callUuid, { query: '?status=live' });
    expect(live.body).toMatchObject({ call_status: 'in-progress', request_uuid: call.callUuid, direction: 'outbound' });
    call.ended = true;
    expect((await get(call.callUuid, { query: '?status=live' })).status).toBe(404);
    expect((await get(call.callUuid)).body.end_time).not.toBeNull();
  });

  it('know calls that are placed later, and no others', async () => {
    const calls = [{ ...human(), ended: true }];
    const get = await serve(calls);
    const later = { ...busy(), ended: true };
    expect(await get(later.callUuid)).toMatchObject({
      status: 404,
      body: { error: 'not found', api_id: expect.any(String) },
    });
    calls.push(later);
    expect((await get(later.callUuid)).status).toBe(200);
    expect((await get(later.callUuid, { as: 'MA2' })).status).toBe(404);
  });

  it('want the id and a token of the account', async () => {
    const call = { ...human(), ended: true };
    const get = await serve([call]);
    expect((await get(call.callUuid, { token: 'older' })).status).toBe(200);
    expect((await get(call.callUuid, { token: 'wrong' })).status).toBe(401);
    expect((await fetch(`${server.url}/v1/Account/MA1/Call/${call.callUuid}/`)).status).toBe(401);
    expect(server.answers).toEqual([200, 401, 401]);
  });

  it('come late', async () => {
    const call = { ...busy(), ended: true };
    let now = call.endedAt + 29_000;
    const get = await serve([call], { lateSeconds: 30, now: () => now });
    expect((await get(call.callUuid)).status).toBe(404);
    now += 1_000;
    expect((await get(call.callUuid)).status).toBe(200);
  });

  it('fail at a share of requests, with both kinds of failure', async () => {
    const call = { ...busy(), ended: true };
    const get = await serve([call], { failures: 0.5 });
    for (let i = 0; i < 60; i += 1) {
      const { status, headers } = await get(call.callUuid);
      expect(headers.get('retry-after')).toBe(status === 429 ? '1' : null);
    }
    for (const status of [200, 429, 503]) {
      const share = server.answers.filter((answer) => answer === status).length / 60;
      expect(share).toBeGreaterThan(0.1);
      expect(share).toBeLessThan(0.7);
    }
  });
});
