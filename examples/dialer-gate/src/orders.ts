import type { IncomingHttpHeaders } from 'node:http';
import { Seen } from './seen.ts';
import { disbelief, TOLERANCE_MS } from './verify-order.ts';

/** What somebody on Ringside's page, or a program by its API, wants of this dialer. */
export interface Order {
  /** The same however often it is sent. */
  readonly id: string;
  readonly command: 'start' | 'pause' | 'resume' | 'cancel' | 'retry-failed';
  readonly campaignId: string;
  readonly actor: string;
  readonly reason: string | null;
  /** Of a timed pause, for information: Ringside asks to resume then. */
  readonly until: string | null;
  /** Live calls are to be ended too. */
  readonly hangUp: boolean;
  /** Of `retry-failed`: only contacts whose last call ended so. */
  readonly outcomes: readonly string[] | null;
  readonly at: string;
}

export interface Answer {
  readonly confirmed: boolean;
  /** Why not, for people to read. */
  readonly message?: string;
}

export interface OrdersParts {
  /** The secret that Ringside showed when the control webhook was set. */
  readonly secret: string;
  readonly obey: (order: Order) => Answer | Promise<Answer>;
  /** Says later what was not known within {@link ANSWER_WITHIN_MS}. */
  readonly confirm: (order: Order, answer: Answer) => Promise<unknown>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface OrderRequest {
  readonly headers: IncomingHttpHeaders;
  /** As it came. */
  readonly body: string;
}

export interface OrderResponse {
  readonly status: number;
  readonly body: unknown;
}

export const ANSWER_WITHIN_MS = 2_000;
/** Ringside asks for ten minutes at most. */
const ORDER_KEPT_MS = 15 * 60_000;
/** Too early: Ringside does not take it for an answer, and whoever sent a copy learns nothing. */
const REPLAYED: OrderResponse = { status: 425, body: { message: 'this request was used before' } };
const LATER: OrderResponse = { status: 202, body: { message: 'this will be confirmed later' } };

/** Takes orders from Ringside: believes only what is signed and fresh, and obeys each once. */
export class Orders {
  readonly #parts: OrdersParts;
  readonly #signatures = new Seen<true>(2 * TOLERANCE_MS);
  readonly #answers = new Seen<Promise<Answer>>(ORDER_KEPT_MS);

  constructor(parts: OrdersParts) {
    this.#parts = parts;
  }

  async take(request: OrderRequest): Promise<OrderResponse> {
    const { secret, now } = this.#parts;
    const why = disbelief(request, secret, now());
    if (why) return { status: 401, body: { message: `this request is not Ringside’s: ${why}` } };
    const signature = String(request.headers['x-ringside-signature']);
    if (this.#signatures.get(signature)) return REPLAYED;
    this.#signatures.add(signature, true, now());
    const order = JSON.parse(request.body) as Order;
    const answer = this.#answers.get(order.id) ?? this.#obey(order);
    const inTime = await Promise.race([answer, later()]);
    return inTime ? { status: 200, body: inTime } : LATER;
  }

  /** An order that is sent again while it is obeyed, or afterwards, is given the same answer. */
  #obey(order: Order): Promise<Answer> {
    const { obey, confirm, now } = this.#parts;
    const begun = now();
    const answer = Promise.resolve()
      .then(() => obey(order))
      .catch((error: Error): Answer => ({ confirmed: false, message: `the dialer failed: ${error.message}` }));
    this.#answers.add(order.id, answer, begun);
    answer
      // Whoever was given an answer in time needs no other; one more does no harm.
      .then((said) => (now() - begun < ANSWER_WITHIN_MS ? null : confirm(order, said)))
      // Ringside asks again until its time is up, and is then given this answer.
      .catch(() => {});
    return answer;
  }
}

function later(): Promise<null> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(null), ANSWER_WITHIN_MS).unref();
  });
}
