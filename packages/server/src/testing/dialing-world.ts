import type { AddressInfo } from 'node:net';
import type { CampaignDelivery } from '@ringside/core';
import type { Campaign, CampaignCreate, CampaignPatch, DialPlan, Report } from '@ringside/protocol';
import { type CallApi, type CallApiOptions, type Scenario, scenarios, startCallApi } from '@ringside/sandbox';
import { pino } from 'pino';
import { loadConfig } from '../config/options.ts';
import { buildApp } from '../http/app.ts';
import { campaignDelivery } from '../ingest/api-event.ts';
import { prepare } from '../prepare.ts';
import type { CampaignRef } from '../store/among-nodes.ts';
import { openServerStore } from '../store/open-server-store.ts';
import { type Internals, wire } from '../wiring.ts';
import { AUTH_ID, AUTH_TOKEN, KEY, temporaryFolder } from './running-server.ts';

/** Everybody answers, and is a person. */
export const everybodyAnswers: Scenario = {
  ...scenarios.steady,
  answerRate: { first: 1, last: 1 },
  retryFactor: 1,
  badNumbers: { share: 0, codes: { 2000: 1 } },
  machine: { share: 0, hungUp: 0 },
};
/** Nobody answers, ever. */
export const nobodyAnswers: Scenario = {
  ...everybodyAnswers,
  answerRate: { first: 0, last: 0 },
  unanswered: { 6010: 1 },
};

export const CAMPAIGN = 'c1';
export const REF: CampaignRef = { workspace: 'default', campaignId: CAMPAIGN };

/** Plivo as the sandbox plays it; it lives on while the dialer dies. */
export function sandbox(
  options: Partial<Omit<CallApiOptions, 'accounts'>> & { callsPerSecond?: number; concurrency?: number } = {},
): Promise<CallApi> {
  const { callsPerSecond = 1_000, concurrency, ...others } = options;
  const limits = { callsPerSecond, ...(concurrency === undefined ? {} : { concurrency }) };
  const accounts = [{ authId: AUTH_ID, authTokens: [AUTH_TOKEN], ...limits }];
  return startCallApi({ scenario: everybodyAnswers, speed: 200, requestsPer5Seconds: 1e6, ...others, accounts });
}

/** Looks and rests within milliseconds instead of minutes. */
export const hurried: NonNullable<Internals['dialing']> = {
  ...{ sendWithinMs: 3_000, refreshEveryMs: 100, settleEveryMs: 200, firstHoldMs: 100, longestHoldMs: 400 },
  ...{ firstLookMs: 50, longestLookGapMs: 200, queueMarginMs: 0, holdEveryMs: 20 },
};

export interface WorldOptions {
  readonly api: CallApi;
  readonly folder: string;
  readonly env?: Record<string, string>;
  readonly internals?: Internals;
  /** False: nothing is dialed before `dial()`. */
  readonly dials?: boolean;
}

/** A server that dials, with its store at hand for what other parts put there. */
export async function dialingWorld({ api, folder, env = {}, internals = {}, dials = true }: WorldOptions) {
  const log = pino({ level: process.env.TEST_LOG ?? 'silent' });
  const config = loadConfig({
    ...{ PORT: '0', RINGSIDE_DATA: folder, RINGSIDE_ADMIN_KEY: KEY, PLIVO_API_URL: api.url },
    ...{
      PLIVO_AUTH_ID: AUTH_ID,
      PLIVO_AUTH_TOKEN: AUTH_TOKEN,
      PLIVO_CPS: '500',
      PLIVO_TIMEZONE: 'Asia/Kolkata',
      ...env,
    },
  });
  const storage = await openServerStore(config, log);
  const reads = { burst: 1_000, perSecond: 1_000, tries: 1 };
  const plivoCalls = { longestQueueMs: 500, reads, ...internals.plivoCalls };
  const dialing = { ...hurried, ...internals.dialing };
  const wired = wire(config, log, { storage, own: null }, { ...internals, dialing, plivoCalls });
  await storage.opened;
  await prepare(wired, config, log);
  const { services } = wired;
  const { app } = await buildApp(services, log);
  await app.listen({ port: Number(env.PORT ?? 0), host: '127.0.0.1' });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  (services.publicUrls as string[]).push(url);
  if (dials) services.dialers.start();
  const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
  const audit = { at: Date.now(), workspace: 'default', actor: 'test', address: null, action: 'test', target: null };
  const { store, dialers, intake, now } = services;
  return {
    ...{ services, store, url, addContacts, say },
    dial: () => dialers.start(),
    get: (path: string) => fetch(url + path, { headers }),
    post: (path: string, body: unknown) => fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) }),
    /** Makes a campaign with contacts, and starts it. */
    async campaign(contacts: number, changes: Partial<CampaignCreate> = {}, ref: CampaignRef = REF): Promise<void> {
      const { workspace, campaignId: id } = ref;
      const plan: DialPlan = {
        callerIds: ['+918035735601'],
        answerMethod: 'POST',
        machineDetection: 'off',
        ringTimeoutSeconds: 45,
      };
      const declared: CampaignCreate = {
        id,
        name: id,
        dialer: 'built-in',
        dial: plan,
        answerXml: '<Response><Speak>Hi</Speak></Response>',
        ...changes,
      };
      const { outcome } = await store.register(workspace, declared, 'test', now(), audit);
      if (outcome !== 'created') throw new Error(`the campaign was not made: ${outcome}`);
      await store.dial.openList({ ...ref, account: null });
      await addContacts(contacts, ref);
      await say('started', ref);
    },
    patch: async (change: CampaignPatch, { workspace, campaignId }: CampaignRef = REF) => {
      const patched = await store.patch(workspace, campaignId, change, 'test', now(), audit);
      if (patched) services.publish(patched.applied);
    },
    phase: async ({ workspace, campaignId }: CampaignRef = REF) =>
      ((await store.campaign(workspace, campaignId, now())) as Campaign).phase,
    report: async ({ campaignId }: CampaignRef = REF) =>
      (await (await fetch(`${url}/v1/campaigns/${campaignId}/report`, { headers })).json()) as Report,
    timeline: async ({ workspace, campaignId }: CampaignRef = REF) =>
      (await store.timeline(workspace, campaignId, { limit: 1_000, before: null }, now()))?.items,
    async stop() {
      wired.halt();
      await dialers.stop();
      app.server.closeAllConnections();
      await app.close();
      await intake.finish();
      await services.nodes.stop();
      await store.close();
    },
  };

  async function addContacts(count: number, ref: CampaignRef): Promise<void> {
    for (let from = 0; from < count; from += 1_000) {
      const size = Math.min(1_000, count - from);
      const rows = Array.from({ length: size }, (_, at) => ({
        ...{ number: `+91900${String(from + at).padStart(7, '0')}`, contactId: null, zone: null, attributes: null },
      }));
      await store.dial.addToList(ref, rows, now());
    }
    const delivery: CampaignDelivery = {
      about: 'campaign',
      type: 'facts',
      hash: `list ${count}`,
      source: 'api',
      ...{ receivedAt: now(), at: now(), registers: false, actor: 'test' },
      facts: { totalCalls: count, listZones: { '': count } },
    };
    await intake.submit({ kind: 'delivery', ...ref, receivedAt: now(), delivery });
  }

  async function say(change: 'started' | 'paused' | 'resumed' | 'cancelled', ref: CampaignRef = REF): Promise<void> {
    const at = new Date(now()).toISOString();
    const event = { type: 'campaign', campaignId: ref.campaignId, at, change, actor: 'test' } as const;
    await intake.submit({ kind: 'delivery', ...ref, receivedAt: now(), delivery: campaignDelivery(event, now()) });
  }
}

export type DialingWorld = Awaited<ReturnType<typeof dialingWorld>>;

export { temporaryFolder };
