import type { HttpRequest, Patience, Reply } from './http.ts';

/** What may make Plivo send a callback again: no connection, no answer, or an answer of that hundred. */
export type RetryCause = 'ct' | 'rt' | '4xx' | '5xx';

/** How hard a callback is delivered. Times are milliseconds. */
export interface DeliveryPolicy extends Patience {
  /** No try starts later than this after the first. */
  readonly totalMs: number;
  readonly retries: number;
  readonly retryOn: ReadonlySet<RetryCause>;
}

/** What became of a delivery, after how many tries. `status` and `body` are the last answer’s. */
export type Delivered =
  | { readonly ok: true; readonly tries: number; readonly body: string }
  | { readonly ok: false; readonly tries: number; readonly status: number | null; readonly reason: string };

/** The effects that a delivery needs. `sleep` may end early when the run is stopped. */
export interface DeliveryEffects {
  readonly send: (request: HttpRequest, patience: Patience) => Promise<Reply>;
  readonly sleep: (ms: number) => Promise<void>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly stopped: () => boolean;
}

const causes = ['ct', 'rt', '4xx', '5xx'] as const;
const backoff = { firstMs: 250, mostMs: 4_000 };

/**
 * Reads the options that Plivo takes in the fragment of a callback URL, as in `#ct=2000&rt=5000&tt=55000&rc=5&rp=all`.
 * What is missing or unusable has Plivo's default: one more try, and only when no answer came at all.
 */
export function deliveryPolicy(fragment: string): DeliveryPolicy {
  const given = new URLSearchParams(fragment.replace(/^#/, ''));
  const whole = (name: string, least: number, most: number, otherwise: number) => {
    const value = Number(given.get(name) ?? Number.NaN);
    return Number.isInteger(value) && value >= least && value <= most ? value : otherwise;
  };
  const named = (given.get('rp') ?? 'ct,rt').split(',');
  return {
    connectMs: whole('ct', 100, 10_000, 2_000),
    readMs: whole('rt', 100, 40_000, 40_000),
    totalMs: whole('tt', 100, 55_000, 55_000),
    retries: whole('rc', 0, 5, 1),
    retryOn: new Set(causes.filter((cause) => named.includes('all') || named.includes(cause))),
  };
}

/** Delivers a request as the policy says, waiting a little longer before each further try. */
export async function deliver(
  request: HttpRequest,
  policy: DeliveryPolicy,
  { send, sleep, now, stopped }: DeliveryEffects,
): Promise<Delivered> {
  const deadline = now() + policy.totalMs;
  for (let tries = 1; ; tries += 1) {
    const reply = await send(request, policy);
    if (reply.kind === 'answer' && reply.status >= 200 && reply.status < 300)
      return { ok: true, tries, body: reply.body };
    const status = reply.kind === 'answer' ? reply.status : null;
    const reason = reply.kind === 'answer' ? `answered ${reply.status}${problemCode(reply.body)}` : reply.message;
    const pauseMs = Math.min(backoff.mostMs, backoff.firstMs * 2 ** (tries - 1));
    const again = tries <= policy.retries && isRetryable(policy, reply) && now() + pauseMs < deadline;
    if (!again || stopped()) return { ok: false, tries, status, reason };
    await sleep(pauseMs);
    if (stopped()) return { ok: false, tries, status, reason };
  }
}

function isRetryable({ retryOn }: DeliveryPolicy, reply: Reply): boolean {
  if (reply.kind !== 'answer') return retryOn.has(reply.kind);
  const hundred = reply.status >= 500 ? '5xx' : '4xx';
  return retryOn.has(hundred);
}

/** Ringside says in a problem document why it refuses. */
function problemCode(body: string): string {
  const code = /"code":\s*"([a-z-]+)"/.exec(body)?.[1];
  return code === undefined ? '' : ` ${code}`;
}
