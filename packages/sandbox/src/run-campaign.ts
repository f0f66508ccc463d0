import { setMaxListeners } from 'node:events';
import type { CampaignCreate } from '@ringside/protocol';
import { type CallbackKind, callbackUrl } from './callback.ts';
import { createCourier } from './courier.ts';
import { type DeliveryEffects, deliveryPolicy } from './delivery.ts';
import { type Effects, realEffects } from './effects.ts';
import { type Faults, noFaults } from './faults.ts';
import { createHttpClient, type HttpClient } from './http.ts';
import { planCall } from './plan.ts';
import { hangUpLive, play, type Stage, type Via } from './play.ts';
import type { RunRecord, Undelivered } from './record.ts';
import { createApi, instant } from './ringside-api.ts';
import type { Scenario } from './scenarios.ts';
import type { Method } from './signature.ts';
import { type Dialing, timeline } from './timeline.ts';

/** What a campaign needs to be run. Only the first block has no defaults. */
export interface RunOptions {
  /** The server's base URL. */
  readonly url: string;
  /** API key that may register campaigns and post events. */
  readonly key: string;
  readonly authId: string;
  readonly authTokens: readonly string[];
  readonly campaignId: string;
  readonly scenario: Scenario;
  readonly seed: string;

  /** How the server is told of calls. `events`: by `/v1/events` alone, without an account or a token. Default `callbacks`. */
  readonly via?: Via;
  /** Name that people see; the scenario's title if left out. */
  readonly name?: string;
  /** Start of the campaign, epoch milliseconds. What lies before now is replayed at once, as history. Default: now. */
  readonly startAt?: number;
  /** Everything is that many times shorter, talk and retry delays too. Default 1. */
  readonly speed?: number;
  /** IANA zone of the account's console. Default Asia/Kolkata. */
  readonly zone?: string;
  /** Default POST. */
  readonly method?: Method;
  readonly faults?: Partial<Faults>;
  /** Options that Plivo takes in the fragment of a callback URL. Default: {@link defaultDelivery}. */
  readonly delivery?: string;
  /** Requests under way at once. Default 32. */
  readonly connections?: number;
  readonly effects?: Partial<Effects>;
  /** Hears of each message that is given up, at once. */
  readonly onUndelivered?: (undelivered: Undelivered) => void;
  /** Is given the record when the run begins, which fills it as it goes on. */
  readonly onRecord?: (record: RunRecord) => void;
  /** Called once the server knows the campaign. */
  readonly onRegistered?: () => void;
  /** Ends the run early: no more calls and no more tries, but requests under way finish. The campaign is cancelled. */
  readonly signal?: AbortSignal;
  /** Hangs up the live calls of a run that is stopped, instead of leaving them without an end. Default false. */
  readonly hangUpOnStop?: boolean;
}

export const defaultZone = 'Asia/Kolkata';
/** Asks Plivo for as much patience as it has. */
export const defaultDelivery = 'rc=5&rp=all&rt=5000&tt=55000';

/** Above this many messages waiting for a connection the dialer falls behind the clock rather than fill the memory. */
const maxWaiting = 500;

interface Surroundings {
  readonly client: HttpClient;
  readonly effects: DeliveryEffects & Pick<Effects, 'nonce'>;
}

/**
 * Plays one campaign to its end: registers it, dials its list, sends what Plivo would send, and says when it is over.
 *
 * @returns the record of everything that was done, also when the run was stopped early
 * @throws RefusedError when the server refuses the key or the campaign, Error when it cannot be reached for long
 */
export async function runCampaign(options: RunOptions): Promise<RunRecord> {
  const { now, sleep, nonce } = { ...realEffects, ...options.effects };
  const { signal } = options;
  // Each message that comes late or again waits on this one signal, and Node suspects a leak from the eleventh on.
  if (signal) setMaxListeners(0, signal);
  const client = createHttpClient(options.connections ?? 32);
  const stopped = () => signal?.aborted ?? false;
  const effects = { send: client.send, sleep: (ms: number) => sleep(ms, signal), now, stopped, nonce };
  const liveFrom = now();
  const record = emptyRecord(options, options.startAt ?? liveFrom);
  options.onRecord?.(record);
  try {
    await runInto(record, liveFrom, options, { client, effects });
  } catch (cause) {
    // A run that is stopped while the server is away has nothing to complain about.
    if (!stopped()) throw cause;
  } finally {
    client.close();
  }
  return record;
}

async function runInto(
  record: RunRecord,
  liveFrom: number,
  options: RunOptions,
  { client, effects }: Surroundings,
): Promise<void> {
  const { campaignId, authId, authTokens, method = 'POST', zone = defaultZone, speed = 1, onUndelivered } = options;
  const { via = 'callbacks' } = options;
  const base = options.url.replace(/\/+$/, '');
  const api = createApi(base, options.key, effects);
  const policy = deliveryPolicy(options.delivery ?? defaultDelivery);
  const routeOf = (kind: CallbackKind) => ({ url: callbackUrl(base, kind, campaignId), method, policy });
  const faults = { ...noFaults, ...options.faults };
  const courier = createCourier({ authTokens, api, faults: () => faults, record, effects, onUndelivered });
  const clock = (at: number) => record.startedAt + at / speed;
  const stage: Stage = { record, courier, via, routeOf, authId, zone, clock, liveFrom, calls: new WeakMap() };

  await api.register(registration(options, record.startedAt));
  options.onRegistered?.();
  await api.announce(campaignId, 'started', record.startedAt);
  let lastAt = record.startedAt;
  for (const moment of timeline(dialingOf(options))) {
    const waitMs = clock(moment.at) - effects.now();
    if (waitMs > 0) await effects.sleep(waitMs);
    await client.room(maxWaiting);
    if (effects.stopped()) break;
    lastAt = clock(moment.at);
    play(stage, moment);
  }
  if (options.hangUpOnStop && effects.stopped()) hangUpLive(stage, effects.now());
  await courier.settle();
  if (effects.stopped()) {
    // Nobody will dial on: a campaign left open would look as if somebody might.
    await api.announce(campaignId, 'cancelled', effects.now());
    return;
  }
  await api.announce(campaignId, 'completed', lastAt);
  record.finishedAt = lastAt;
}

/** The dialer of a campaign: its whole course, without a clock and without a server. */
export function dialingOf({
  campaignId,
  scenario,
  seed,
}: Pick<RunOptions, 'campaignId' | 'scenario' | 'seed'>): Dialing {
  const { contacts, concurrency, callsPerSecond, retry } = scenario;
  const planOf = (contact: number, attempt: number) => planCall({ campaignId, scenario, seed }, contact, attempt);
  const { maxAttempts, delaySeconds } = retry;
  return { contacts, concurrency, callsPerSecond, maxAttempts, retryDelaySeconds: delaySeconds, planOf };
}

/** What the dialer declares. A sped-up campaign declares its sped-up limits, as those are what it keeps to. */
function registration(options: RunOptions, startAt: number): CampaignCreate {
  const { scenario, speed = 1 } = options;
  const { maxAttempts, delaySeconds } = scenario.retry;
  return {
    id: options.campaignId,
    name: options.name ?? scenario.title,
    totalCalls: scenario.contacts,
    dialer: 'external',
    startedAt: instant(startAt),
    retry: { maxAttempts, delaySeconds: Math.round(delaySeconds / speed) },
    pace: { callsPerSecond: Math.min(1_000, scenario.callsPerSecond * speed), concurrency: scenario.concurrency },
    timezone: options.zone ?? defaultZone,
    currency: 'USD',
    maxCallSeconds: Math.ceil(scenario.maxCallSeconds / speed),
    attributes: { dialer: 'sandbox', seed: options.seed },
    answerXml: '<?xml version="1.0" encoding="UTF-8"?><Response><Speak>Hello from the sandbox.</Speak></Response>',
  };
}

function emptyRecord({ campaignId, seed, scenario }: RunOptions, startedAt: number): RunRecord {
  return {
    campaignId,
    seed,
    contacts: scenario.contacts,
    startedAt,
    finishedAt: null,
    calls: [],
    traffic: { delivered: 0, duplicates: 0, retries: 0, dropped: 0, forgeries: 0, forgeriesAccepted: 0 },
    undelivered: [],
  };
}
