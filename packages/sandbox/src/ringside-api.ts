import type { CampaignChange, CampaignCreate, EventInput } from '@ringside/protocol';
import { type Delivered, type DeliveryEffects, type DeliveryPolicy, deliver } from './delivery.ts';
import type { HttpRequest } from './http.ts';

/** The part of Ringside's API that a dialer uses. */
export interface RingsideApi {
  /** Registers a campaign. Throws {@link RefusedError} when the server says no, an `Error` when it stays away. */
  readonly register: (campaign: CampaignCreate) => Promise<void>;
  /** Announces a change of a campaign, at epoch milliseconds `at`. Throws like `register`. */
  readonly announce: (campaignId: string, change: CampaignChange, at: number) => Promise<void>;
  /** Sends one event. A refusal is an answer here, not an error. */
  readonly event: (event: EventInput) => Promise<Delivered>;
}

/** The server understood and said no: trying again will not help. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  /** HTTP status of the refusal. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

// The API is our own call, not a callback of Plivo's: it waits out a restart of the server.
const policy: DeliveryPolicy = {
  connectMs: 2_000,
  readMs: 10_000,
  totalMs: 120_000,
  retries: 60,
  retryOn: new Set(['ct', 'rt', '5xx']),
};

export function createApi(base: string, key: string, effects: DeliveryEffects): RingsideApi {
  const post = (path: string, body: unknown): Promise<Delivered> =>
    deliver(jsonPost(base + path, key, body), policy, effects);

  const event = async (input: EventInput): Promise<Delivered> => {
    const delivered = await post('/v1/events', { events: [input] });
    const rejection = delivered.ok ? rejectionIn(delivered.body) : null;
    return rejection === null ? delivered : { ok: false, tries: delivered.tries, status: null, reason: rejection };
  };

  return {
    event,
    register: async (campaign) => orThrow(await post('/v1/campaigns', campaign), `campaign ${campaign.id}`),
    announce: async (campaignId, change, at) => {
      const input: EventInput = { type: 'campaign', campaignId, at: instant(at), change };
      orThrow(await event(input), `campaign ${campaignId}: ${change}`);
    },
  };
}

/** @param at epoch milliseconds; a fraction is dropped */
export function instant(at: number): string {
  return new Date(Math.floor(at)).toISOString();
}

function jsonPost(url: string, key: string, body: unknown): HttpRequest {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  return { method: 'POST', url, headers, body: JSON.stringify(body) };
}

function orThrow(delivered: Delivered, what: string): void {
  if (delivered.ok) return;
  const { status, reason } = delivered;
  if (status === 401 || status === 403) {
    throw new RefusedError(status, `The server refused the API key (${status}).`);
  }
  if (status !== null && status < 500) throw new RefusedError(status, `The server refused ${what}: ${reason}.`);
  throw new Error(`The server did not take ${what}: ${reason}.`);
}

function rejectionIn(body: string): string | null {
  const { results } = JSON.parse(body) as { results?: { result?: string; code?: string; message?: string }[] };
  const [first] = results ?? [];
  return first?.result === 'rejected' ? `rejected: ${[first.code, first.message].filter(Boolean).join(', ')}` : null;
}
