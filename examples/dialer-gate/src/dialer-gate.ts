import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { RingsideClient, type Subscription } from '@ringside/client';
import type { Report } from '@ringside/protocol';
import { type Answer, type Order, type OrderResponse, Orders } from './orders.ts';

export type Phase = Report['phase'];

export interface DialerGateOptions {
  /** Address of the server, such as `https://ringside.example`. */
  readonly url: string;
  /** An API key that may read and ingest. */
  readonly key: string;
  /** The secret that Ringside showed when the control webhook was set. */
  readonly secret: string;
  /**
   * Does more for an order than to stop or go on asking: ends live calls, or puts failed contacts back on the list. What
   * it answers is what people are shown. Without it `retry-failed` is refused.
   */
  readonly onOrder?: (order: Order) => Answer | Promise<Answer>;
  /** Phases in which calls may be placed. */
  readonly dialsIn?: readonly Phase[];
  /** How long what was known last counts while Ringside does not answer. Default 30 seconds. */
  readonly graceSeconds?: number;
  /** What counts afterwards, and before anything was known. Default `stop`. */
  readonly whenAway?: 'stop' | 'dial';
  /** Epoch milliseconds, for tests. */
  readonly now?: () => number;
}

/** A campaign that waits for its first call is begun by that call, as it is without a gate. */
const DIALS_IN: readonly Phase[] = ['queued', 'running', 'waiting', 'stalled', 'finishing'];
const GRACE_SECONDS = 30;
/** Whoever asks about a campaign for the first time waits this long for Ringside to answer. */
const FIRST_ANSWER_MS = 3_000;
const LONGEST_BODY = 16 * 1024;

/**
 * What a dialing loop asks before each call. It follows each campaign that was asked about over one connection, so that
 * asking costs nothing; and it takes the orders of people, which count from the moment they come.
 */
export class DialerGate {
  readonly #options: DialerGateOptions;
  readonly #client: RingsideClient;
  readonly #orders: Orders;
  readonly #now: () => number;
  readonly #followed = new Map<string, Followed>();
  /** Told to stop; once Ringside has shown it, what Ringside shows counts again. */
  readonly #held = new Map<string, 'told' | 'shown'>();

  constructor(options: DialerGateOptions) {
    const { url, key, secret, now = Date.now } = options;
    this.#options = options;
    this.#now = now;
    this.#client = new RingsideClient({ url, key });
    this.#orders = new Orders({
      ...{ secret, now },
      obey: (order) => this.#obey(order),
      confirm: ({ id, campaignId }, answer) => this.#client.confirm(campaignId, { id, ...answer }),
    });
  }

  /** Whether a call of this campaign may be placed now. Ask right before each. */
  async mayDial(campaignId: string): Promise<boolean> {
    const followed = this.#follow(campaignId);
    await followed.first;
    if (this.#held.has(campaignId)) return false;
    const { phase, heardAt } = followed;
    const { graceSeconds = GRACE_SECONDS, whenAway = 'stop' } = this.#options;
    const freshAt = Math.max(heardAt, this.#client.status.heardAt ?? 0);
    if (phase === null || this.#now() - freshAt > graceSeconds * 1_000) return whenAway === 'dial';
    return this.#dialsIn(phase);
  }

  /** Serves the control webhook: a handler for `http.createServer`, or for a route whose body was not read yet. */
  readonly webhook = (request: IncomingMessage, response: ServerResponse): void => {
    this.#answer(request).then(
      ({ status, body }) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      // Whoever asked has hung up.
      () => response.destroy(),
    );
  };

  close(): void {
    for (const { subscription } of this.#followed.values()) subscription.close();
    this.#followed.clear();
  }

  async #answer(request: IncomingMessage): Promise<OrderResponse> {
    const isShort = Number(request.headers['content-length'] ?? Number.NaN) <= LONGEST_BODY;
    if (!isShort) return { status: 413, body: { message: 'this is too long for an order' } };
    return this.#orders.take({ headers: request.headers, body: await text(request) });
  }

  async #obey(order: Order): Promise<Answer> {
    const { command, campaignId } = order;
    const { onOrder } = this.#options;
    if (command === 'retry-failed' && !onOrder) return { confirmed: false, message: 'this dialer cannot do that' };
    const stops = command === 'pause' || command === 'cancel';
    if (stops) this.#held.set(campaignId, 'told');
    const answer = onOrder ? await onOrder(order) : { confirmed: true };
    // What was not obeyed is as it was before; what goes on is dialed once Ringside shows it.
    if (stops !== answer.confirmed) this.#held.delete(campaignId);
    return answer;
  }

  #dialsIn(phase: Phase): boolean {
    return (this.#options.dialsIn ?? DIALS_IN).includes(phase);
  }

  /** A stop holds until Ringside has shown it, and then something else. */
  #shown(campaignId: string, phase: Phase | null): void {
    const held = this.#held.get(campaignId);
    if (held === undefined || phase === null) return;
    if (!this.#dialsIn(phase)) this.#held.set(campaignId, 'shown');
    else if (held === 'shown') this.#held.delete(campaignId);
  }

  #follow(campaignId: string): Followed {
    const known = this.#followed.get(campaignId);
    if (known) return known;
    let heard = (): void => {};
    const answered = new Promise<void>((resolve) => {
      heard = resolve;
    });
    const followed: Followed = {
      phase: null,
      heardAt: 0,
      first: Promise.race([answered, waiting(FIRST_ANSWER_MS)]),
      subscription: this.#client.subscribe({ campaignId, recent: 0 }, ({ value, error }) => {
        if (!value && !error) return;
        followed.phase = error ? null : (value?.phase ?? null);
        followed.heardAt = this.#now();
        this.#shown(campaignId, followed.phase);
        heard();
      }),
    };
    this.#followed.set(campaignId, followed);
    return followed;
  }
}

interface Followed {
  readonly subscription: Subscription<Report>;
  /** Fulfils with the first answer, or when nobody can wait for it any longer. */
  readonly first: Promise<void>;
  phase: Phase | null;
  /** Epoch milliseconds. */
  heardAt: number;
}

function waiting(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
