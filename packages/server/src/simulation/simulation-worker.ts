import { parentPort, workerData } from 'node:worker_threads';
import { runCampaign, type Scenario, scenarios } from '@ringside/sandbox';
import type { SimulationJob } from './simulation-thread.ts';

/** About 10 minutes of dialing, of which the first half is told at once. */
const scenario: Scenario = {
  ...scenarios.steady,
  ...{ contacts: 180, concurrency: 20, callsPerSecond: 1, maxCallSeconds: 120 },
  retry: { maxAttempts: 2, delaySeconds: 60 },
  answerRate: { first: 0.5, last: 0.44 },
  talk: { medianSeconds: 38, sigma: 0.5 },
  lead: { ...scenarios.steady.lead, mix: { hot: 22, warm: 34, cold: 44 } },
};
const PAST_MS = 5 * 60_000;

const { url, key, campaignId, name } = workerData as SimulationJob;
const stop = new AbortController();
parentPort?.on('message', () => stop.abort());
await runCampaign({
  ...{ url, key, campaignId, name, scenario, seed: campaignId, startAt: Date.now() - PAST_MS },
  // Events alone: there is no account, and no token that could sign anything.
  ...{ via: 'events', authId: '', authTokens: [] },
  ...{ signal: stop.signal, hangUpOnStop: true },
  onRegistered: () => parentPort?.postMessage('registered'),
  // The key was revoked or the server is away: nothing more will be taken.
  onUndelivered: () => stop.abort(),
});
parentPort?.close();
