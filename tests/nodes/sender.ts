import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { callbackRequest, callbackUrl } from '@ringside/sandbox';
import { AUTH_ID, AUTH_TOKEN, hangup } from '../../packages/server/src/testing/running-server.ts';

/** The address that callbacks are signed for, wherever they are sent. */
export const PUBLIC_URL = 'https://calls.example.test';

const TURN_MS = 20;

/** What became of the callbacks. */
export interface Sent {
  /** Talk seconds of the calls whose hangup was acknowledged. */
  readonly acknowledged: Map<string, number>;
  /** Answers other than 200, or why there was none. */
  readonly refused: string[];
  /** Milliseconds from sending to answer. */
  readonly latencies: number[];
}

/** Signed hangups of distinct calls at a steady rate, each sent once on a connection of its own, as a provider does. */
export class Sender {
  readonly sent: Sent = { acknowledged: new Map(), refused: [], latencies: [] };
  readonly #urlOf: () => string;
  readonly #campaigns: readonly string[];
  readonly #prefix: string;
  readonly #flying = new Set<Promise<void>>();
  #serial = 0;
  #timer: NodeJS.Timeout | null = null;

  /** @param urlOf where the next one goes */
  constructor(urlOf: () => string, campaigns: readonly string[], prefix = 'call') {
    this.#urlOf = urlOf;
    this.#campaigns = campaigns;
    this.#prefix = prefix;
  }

  start(perSecond: number): void {
    const began = performance.now();
    const first = this.#serial;
    this.#timer = setInterval(() => {
      const due = first + Math.floor(((performance.now() - began) * perSecond) / 1_000);
      while (this.#serial < due) this.#fly();
    }, TURN_MS);
  }

  /** Fulfils when everything is answered. */
  async stop(): Promise<Sent> {
    if (this.#timer) clearInterval(this.#timer);
    while (this.#flying.size > 0) await Promise.all(this.#flying);
    return this.sent;
  }

  #fly(): void {
    const serial = this.#serial++;
    const id = `${this.#prefix}-${serial}`;
    const seconds = 1 + (serial % 300);
    const flight: Promise<void> = this.#send(id, seconds, this.#campaigns[serial % this.#campaigns.length] ?? '')
      .then((refusal) => {
        if (refusal === null) this.sent.acknowledged.set(id, seconds);
        else this.sent.refused.push(`${id}: ${refusal}`);
      })
      .finally(() => this.#flying.delete(flight));
    this.#flying.add(flight);
  }

  async #send(id: string, seconds: number, campaignId: string): Promise<string | null> {
    const began = performance.now();
    const status = await sendHangup(this.#urlOf(), campaignId, id, seconds);
    this.sent.latencies.push(performance.now() - began);
    return status === 200 ? null : String(status);
  }
}

/** One signed hangup. @returns the HTTP status, or why there is none */
export function sendHangup(url: string, campaignId: string, id: string, seconds: number): Promise<number | string> {
  const account = { base: PUBLIC_URL, authId: AUTH_ID, authTokens: [AUTH_TOKEN], method: 'POST' as const };
  const to = `+9198${String(10_000_000 + (Number(id.split('-').at(-1)) || 0)).padStart(8, '0')}`;
  const form = hangup(id, { to }, seconds);
  const signed = callbackRequest(
    account,
    callbackUrl(PUBLIC_URL, 'hangup', campaignId),
    form,
    randomUUID().replaceAll('-', ''),
  );
  const { pathname, search } = new URL(signed.url);
  return new Promise((resolve) => {
    const out = request(`${url}${pathname}${search}`, { method: 'POST', headers: signed.headers, agent: false });
    out.on('response', (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.on('error', (error) => resolve(error.message));
    });
    out.on('error', (error) => resolve(error.message));
    out.end(signed.body);
  });
}
