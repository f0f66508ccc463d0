import { defaultSettings, type Report } from '@ringside/protocol';
import { asDelivered, runCampaign, scenarioNames, scenarios, summarise } from '@ringside/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUTH_ID, AUTH_TOKEN, KEY, type TestServer, testServer } from './testing/running-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
  // The record knows the bot's verdicts only, so the rules shall give no other hot or warm ones.
  const { leadRules } = defaultSettings;
  await server.send('PUT', '/v1/settings', { leadRules: { ...leadRules, hotFrom: 101, warmFrom: 101 } });
});
afterAll(() => server.stop());

/** What the report says, in the words of the sandbox's own totals. */
function totalsOf(report: Report) {
  const { rates, outcomes, cost, totalDuration } = report.callMetrics;
  return {
    attempts: report.progress.attempts,
    reached: report.progress.completedCalls,
    ended: rates.answer.denominator,
    answered: rates.answer.numerator,
    machines: rates.machine.numerator,
    talkSeconds: totalDuration,
    cost: cost.total,
    outcomes: Object.fromEntries(Object.entries(outcomes).filter(([, n]) => n > 0)),
    hot: report.leads.hot,
    warm: report.leads.warm,
  };
}

describe('a campaign of the sandbox, an hour of it replayed', () => {
  it.each(scenarioNames)(
    '%s: the report equals the sandbox’s own record, through duplicates, disorder and forgeries',
    async (name) => {
      const campaignId = `sandbox-${name}`;
      const record = await runCampaign({
        url: server.url,
        key: KEY,
        authId: AUTH_ID,
        authTokens: [AUTH_TOKEN],
        campaignId,
        scenario: { ...scenarios[name], contacts: Math.min(scenarios[name].contacts, 120) },
        seed: `against ${name}`,
        startAt: Date.now() - 3 * 3_600_000,
        faults: { duplicate: 0.2, reorder: 0.2, badSignatures: 0.1 },
      });
      const report = await server.report(campaignId);
      const truth = summarise(asDelivered(record.calls));
      expect(totalsOf(report)).toEqual({
        attempts: truth.attempts,
        reached: truth.reached,
        ended: truth.ended,
        answered: truth.answered,
        machines: truth.machines,
        talkSeconds: truth.talkSeconds,
        cost: truth.cost,
        outcomes: truth.outcomes,
        hot: truth.leads.hot,
        warm: truth.leads.warm,
      });
      expect(truth.attempts).toBeGreaterThan(40);
      expect(record.traffic).toMatchObject({ forgeriesAccepted: 0 });
      expect(record.traffic.duplicates + record.traffic.forgeries).toBeGreaterThan(0);
      expect(report.phase).toBe('completed');
      expect(report.callMetrics.activeCalls).toBe(0);
    },
  );
});
