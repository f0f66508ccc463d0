import type { CallDelivery } from '@ringside/core';
import type { Effects } from '../../effects.ts';
import { CallDetails } from '../../providers/plivo/call-detail.ts';
import {
  accountUrl,
  basicAuth,
  type PlivoAccount,
  PlivoReads,
  type ReadLimits,
} from '../../providers/plivo/plivo-reads.ts';
import { within } from '../../within.ts';
import type { CallOrder, CallProvider, Placed, SendGuard, Sighting } from '../call-provider.ts';
import { placedOf } from './placed.ts';
import { Connections } from './send-once.ts';
import { Sightings, type Sought } from './sightings.ts';

export interface PlivoCallsSettings {
  /**
   * Plivo publishes no longest time in its queue. An account's queue holds what was sent above its calls per second, which
   * is at most what this dialer itself sends too fast, so half an hour is far beyond it.
   */
  readonly longestQueueMs: number;
  readonly reads: Partial<ReadLimits>;
}

const usualSettings: PlivoCallsSettings = { longestQueueMs: 30 * 60_000, reads: {} };
const HANG_UP_WITHIN_MS = 5_000;

/**
 * Places calls with one Plivo account. Plivo knows no idempotency key, so no request is ever repeated here. (Plivo's own
 * SDK repeats a call on 5xx, and then calls twice.)
 */
export class PlivoCalls implements CallProvider {
  readonly longestQueueMs: number;
  readonly #account: PlivoAccount;
  readonly #effects: Effects;
  readonly #connections = new Connections();
  readonly #sightings: Sightings;
  readonly #details: CallDetails;

  constructor(account: PlivoAccount, effects: Effects, settings: Partial<PlivoCallsSettings> = {}) {
    const { longestQueueMs, reads } = { ...usualSettings, ...settings };
    this.longestQueueMs = longestQueueMs;
    this.#account = account;
    this.#effects = effects;
    this.#sightings = new Sightings(new PlivoReads(account, effects, reads), effects.now);
    this.#details = new CallDetails(account, effects, reads);
  }

  async place(order: CallOrder, guard: SendGuard): Promise<Placed> {
    const sent = await this.#connections.send(
      {
        method: 'POST',
        url: accountUrl(this.#account, 'Call/'),
        headers: { ...this.#headers(), 'content-type': 'application/json' },
        body: JSON.stringify(bodyOf(order)),
      },
      guard,
    );
    return placedOf(sent, this.#effects.now());
  }

  async hangUp(requestId: string, signal: AbortSignal): Promise<boolean> {
    // A live call first; one that still waits is known by its request only.
    for (const kind of ['Call', 'Request']) {
      const url = accountUrl(this.#account, `${kind}/${encodeURIComponent(requestId)}/`);
      const request = { method: 'DELETE', url, headers: this.#headers(), body: '' } as const;
      const sent = await within(HANG_UP_WITHIN_MS, signal, (until) =>
        this.#connections.send(request, { maySend: () => true, signal: until }),
      );
      if (sent.kind === 'answered' && sent.status >= 200 && sent.status < 300) return true;
    }
    return false;
  }

  look(call: Sought, signal: AbortSignal): Promise<Sighting> {
    return this.#sightings.look(call, signal);
  }

  underWay(signal: AbortSignal): Promise<ReadonlySet<string> | null> {
    return this.#sightings.underWay(signal);
  }

  async endOf(requestId: string, signal: AbortSignal): Promise<CallDelivery | null> {
    const found = await this.#details.find(requestId, signal);
    return found.kind === 'ended' ? found.delivery : null;
  }

  close(): void {
    this.#connections.close();
  }

  #headers(): Record<string, string> {
    return { authorization: basicAuth(this.#account), accept: 'application/json' };
  }
}

/** The members of Plivo's call request. */
function bodyOf(order: CallOrder): Record<string, string | number> {
  const { machineDetection, timeLimitSeconds } = order;
  return {
    ...{ from: order.from, to: order.to },
    ...{ answer_url: order.answerUrl, answer_method: order.answerMethod },
    ...{ ring_url: order.ringUrl, ring_method: 'POST', hangup_url: order.hangupUrl, hangup_method: 'POST' },
    ring_timeout: order.ringTimeoutSeconds,
    ...(timeLimitSeconds === null ? {} : { time_limit: timeLimitSeconds }),
    ...machineMembers[machineDetection](order),
  };
}

/** With a URL the call goes on while Plivo listens; without one the answer waits for the verdict, as hanging up needs. */
const machineMembers: Readonly<
  Record<CallOrder['machineDetection'], (order: CallOrder) => Readonly<Record<string, string>>>
> = {
  off: () => ({}),
  detect: ({ machineDetectionUrl }) => ({
    ...{ machine_detection: 'true', machine_detection_url: machineDetectionUrl },
    machine_detection_method: 'POST',
  }),
  hangup: () => ({ machine_detection: 'hangup' }),
};
