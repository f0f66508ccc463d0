import type { Form } from '@ringside/sandbox';
import { nthCall, nthEnd } from './many-calls.ts';
import { pastHangups } from './past-calls.ts';
import { KEY, sendCallback } from './running-server.ts';

/** One request of a load, by the clock of the test. */
export interface Sent {
  readonly campaignId: string;
  readonly call: string;
  readonly sentAt: number;
  /** When the server said that it is stored; `null` while it has not. */
  acknowledgedAt: number | null;
  /** Sends the same once more, to any server. */
  readonly to: (base: string) => Promise<boolean>;
}

export interface LoadOptions {
  readonly senders: number;
  readonly campaigns: number;
}

/** Signed callbacks and events of finished calls, from many connections at once, until it is stopped. */
export class IntakeLoad {
  readonly sent: Sent[] = [];
  readonly #senders: Promise<void>;
  #isStopped = false;
  #serial = 0;

  constructor(base: string, { senders, campaigns }: LoadOptions) {
    this.#senders = Promise.all(Array.from({ length: senders }, (_, n) => this.#send(base, n, campaigns))).then(
      () => {},
    );
  }

  get acknowledged(): readonly Sent[] {
    return this.sent.filter(({ acknowledgedAt }) => acknowledgedAt !== null);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#senders;
  }

  async #send(base: string, sender: number, campaigns: number): Promise<void> {
    while (!this.#isStopped) {
      const serial = this.#serial++;
      const campaignId = `load-${serial % campaigns}`;
      const request = sender % 2 === 0 ? eventOf(campaignId, serial) : callbackOf(campaignId, serial);
      const one: Sent = { ...request, campaignId, sentAt: performance.now(), acknowledgedAt: null };
      this.sent.push(one);
      if (await one.to(base)) one.acknowledgedAt = performance.now();
    }
  }
}

function eventOf(campaignId: string, serial: number): Pick<Sent, 'call' | 'to'> {
  const event = nthEnd(campaignId, serial);
  const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ events: [event] });
  const to = async (base: string): Promise<boolean> => {
    const response = await fetch(`${base}/v1/events`, { method: 'POST', headers, body });
    const { results } = (await response.json()) as { results?: { result: string }[] };
    return results?.every(({ result }) => result === 'accepted') ?? false;
  };
  return { call: nthCall(serial), to };
}

const LONG_AGO = Date.UTC(2025, 7, 7, 6);

function callbackOf(campaignId: string, serial: number): Pick<Sent, 'call' | 'to'> {
  const [form = {}] = pastHangups(1, `hangup-${serial}`, LONG_AGO + serial * 37_000) as Form[];
  const to = async (base: string): Promise<boolean> => {
    const response = await sendCallback(base, 'hangup', campaignId, form);
    await response.arrayBuffer();
    return response.ok;
  };
  return { call: form.CallUUID ?? '', to };
}
