import { defaultSettings, type Report } from '@ringside/protocol';
import { type CallApi, scenarios, startCallApi } from '@ringside/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUTH_ID, AUTH_TOKEN, KEY, type TestServer, testServer } from './testing/running-server.ts';

const CAMPAIGN = 'called-by-api';
const CONTACTS = 120;

let server: TestServer;
let api: CallApi;
beforeAll(async () => {
  server = await testServer();
  // The record knows the bot's verdicts only, so the rules shall give no other hot or warm ones.
  const { leadRules } = defaultSettings;
  await server.send('PUT', '/v1/settings', { leadRules: { ...leadRules, hotFrom: 101, warmFrom: 101 } });
  const answerXml = '<Response><Speak>Hello</Speak></Response>';
  await server.send('POST', '/v1/campaigns', { id: CAMPAIGN, name: 'By API', totalCalls: CONTACTS, answerXml });
  api = await startCallApi({
    accounts: [{ authId: AUTH_ID, authTokens: [AUTH_TOKEN], callsPerSecond: 100 }],
    scenario: scenarios['voicemail-heavy'],
    speed: 100,
    leads: { url: server.url, key: KEY },
    faults: {
      shares: { 'lost-answer': 0.1, 'fail-after': 0.1, 'out-of-credits': 0.05 },
      callbacks: { duplicate: 0.2, reorder: 0.2, badSignatures: 0.1, drop: 0, lateSeconds: 0.2 },
    },
  });
});
afterAll(async () => {
  await api.close();
  await server.stop();
});

/** Asks for one call, as a dialer does. @returns whether it was told that the call is made */
async function dial(contact: number, attempt: number): Promise<boolean> {
  const url = (path: string) =>
    `${server.url}/plivo/${path}?campId=${CAMPAIGN}&attemptId=${contact}-${attempt}#rc=5&rp=all&rt=5000&tt=55000`;
  const body = {
    ...{ from: '+918035735601', to: `9190000${10_000 + contact}`, machine_detection: 'true' },
    ...{ answer_url: url('answer-url'), ring_url: url('ring-url'), hangup_url: url('hangup-url') },
    machine_detection_url: url('machine-detection'),
  };
  try {
    const response = await fetch(`${api.url}/v1/Account/${AUTH_ID}/Call/`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${AUTH_ID}:${AUTH_TOKEN}`).toString('base64')}` },
      body: JSON.stringify(body),
    });
    return response.status === 201;
  } catch {
    return false;
  }
}

/** What the report says, in the words of the sandbox's own totals. */
function totalsOf({ progress, callMetrics, leads }: Report) {
  const { rates, outcomes, cost, totalDuration } = callMetrics;
  return {
    attempts: progress.attempts,
    reached: progress.completedCalls,
    ended: rates.answer.denominator,
    answered: rates.answer.numerator,
    machines: rates.machine.numerator,
    talkSeconds: totalDuration,
    cost: cost.total,
    outcomes: Object.fromEntries(Object.entries(outcomes).filter(([, n]) => n > 0)),
    hot: leads.hot,
    warm: leads.warm,
  };
}

describe('calls asked for over the Call API', () => {
  it('are reported as the sandbox’s own record has them, through faults of the API and of its callbacks', async () => {
    const told: boolean[] = [];
    for (let contact = 0; contact < CONTACTS; contact += 1) {
      for (const attempt of contact % 3 === 0 ? [1, 2] : [1]) told.push(await dial(contact, attempt));
    }
    const calls = told.length;
    expect(told.filter((isTold) => !isTold).length).toBeGreaterThan(10);
    await expect.poll(() => api.summary().counts, { timeout: 30_000 }).toMatchObject({ calls, live: 0, queued: 0 });
    const judged = () => api.placed.filter(({ lead }) => lead !== null);
    await expect.poll(() => judged().every(({ fates }) => fates.lead !== 'none'), { timeout: 30_000 }).toBe(true);
    await api.settle();
    const { totals, ledger, undelivered, traffic } = api.summary(CAMPAIGN);
    const { attempts, reached, ended, answered, machines, talkSeconds, cost, outcomes, leads } = totals;
    const report = await server.report(CAMPAIGN);
    expect(totalsOf(report)).toEqual({
      ...{ attempts, reached, ended, answered, machines, talkSeconds, cost, outcomes },
      ...{ hot: leads.hot, warm: leads.warm },
    });
    expect({ undelivered, forgeriesAccepted: traffic.forgeriesAccepted }).toEqual({
      undelivered: 0,
      forgeriesAccepted: 0,
    });
    expect(report.progress.ledger).toMatchObject({ reached: ledger.reached, unreached: ledger.unreached, inFlight: 0 });
    expect([attempts, machines > 0, leads.hot + leads.warm > 0]).toEqual([calls, true, true]);
  });
});
