import { boundedBytes } from '../../bounded-answer.ts';
import type { Effects } from '../../effects.ts';
import { type BucketLimits, TokenBucket } from './token-bucket.ts';

/** The account that is asked. */
export interface PlivoAccount {
  /** Base of the REST API, without a slash at the end. */
  readonly apiUrl: string;
  readonly authId: string;
  readonly authToken: string;
}

export interface ReadLimits extends BucketLimits {
  /** Requests for one thing, the first included. Only reads are sent, so sending one again does no harm. */
  readonly tries: number;
  /** A request without an answer is given up after this. */
  readonly timeoutMs: number;
  /** Longer than this nobody waits for a turn. */
  readonly patienceMs: number;
}

/**
 * What a read came to. `none`: Plivo itself says that there is no such thing. `unavailable`: no answer that can be relied
 * on. `refused`: it does not accept the account's id and token.
 */
export type Answer =
  | { readonly kind: 'found'; readonly body: unknown }
  | { readonly kind: 'none' }
  | { readonly kind: 'unavailable' | 'refused'; readonly reason: string };

/** A sixth of the 300 requests in 5 s that an account has, because placing calls needs them too. */
const usualLimits: ReadLimits = { burst: 10, perSecond: 10, tries: 3, timeoutMs: 10_000, patienceMs: 30_000 };

/** A page of call records has some tens of kilobytes, a list of all live calls some hundreds. */
const LARGEST_ANSWER_BYTES = 4 * 1024 * 1024;
/** Plivo counts requests over 5 s, and a 429 may come without Retry-After. */
export const RATE_WINDOW_MS = 5_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60 * 60_000;

/** Reads from Plivo's REST API, and keeps under its limits by itself. */
export class PlivoReads {
  readonly #account: PlivoAccount;
  readonly #effects: Effects;
  readonly #limits: ReadLimits;
  readonly #bucket: TokenBucket;
  /** What to add to the clock that only goes forward for the provider's time; `null` while it has not told it. */
  #aheadMs: number | null = null;

  constructor(account: PlivoAccount, effects: Effects, limits: Partial<ReadLimits> = {}) {
    this.#account = account;
    this.#effects = effects;
    this.#limits = { ...usualLimits, ...limits };
    this.#bucket = new TokenBucket(this.#limits, effects);
  }

  /** Never throws. @param path below the account, query included */
  async get(path: string, signal: AbortSignal): Promise<Answer> {
    const { tries, patienceMs } = this.#limits;
    let answer: Answer = { kind: 'unavailable', reason: 'Plivo’s limit of requests is used up' };
    for (let tried = 1; tried <= tries; tried += 1) {
      if (!(await this.#bucket.take(patienceMs, signal))) return answer;
      const tryOnce = await this.#request(path, signal);
      answer = tryOnce.answer;
      if (tryOnce.againAfterMs === null) return answer;
      if (tryOnce.limited) this.#bucket.pause(tryOnce.againAfterMs);
      else if (tried < tries) await this.#effects.sleep(tryOnce.againAfterMs * 2 ** (tried - 1), signal);
    }
    return answer;
  }

  /** What time it is for the provider, at most; this machine's own while it has not told. Epoch milliseconds. */
  providerTime(): number {
    const { now, monotonic } = this.#effects;
    return this.#aheadMs === null ? now() : monotonic() + this.#aheadMs;
  }

  async #request(path: string, signal: AbortSignal): Promise<Tried> {
    const { apiUrl } = this.#account;
    try {
      const response = await fetch(accountUrl(this.#account, path), {
        headers: { authorization: basicAuth(this.#account), accept: 'application/json' },
        // The token must not travel on to wherever a redirect points.
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(this.#limits.timeoutMs)]),
      });
      const text = String(await boundedBytes(response, LARGEST_ANSWER_BYTES));
      const at = Date.parse(response.headers.get('date') ?? '');
      if (!Number.isNaN(at)) this.#aheadMs = at - this.#effects.monotonic();
      return triedOf(response, text, this.#account, Number.isNaN(at) ? this.#effects.now() : at);
    } catch (error) {
      return again(`Plivo’s API at ${apiUrl} cannot be reached: ${causeOf(error)}`, FIRST_PAUSE_MS);
    }
  }
}

/** @param path below the account */
export function accountUrl({ apiUrl, authId }: PlivoAccount, path: string): string {
  return `${apiUrl}/v1/Account/${encodeURIComponent(authId)}/${path}`;
}

export function basicAuth({ authId, authToken }: PlivoAccount): string {
  return `Basic ${Buffer.from(`${authId}:${authToken}`).toString('base64')}`;
}

interface Tried {
  readonly answer: Answer;
  /** `null`: asking again would bring the same. */
  readonly againAfterMs: number | null;
  /** The pause concerns every request, not only this one. */
  readonly limited: boolean;
}

function triedOf(response: Response, text: string, { apiUrl, authId }: PlivoAccount, now: number): Tried {
  const { status, headers } = response;
  const body = parseJson(text);
  if (status === 200 && body !== undefined) return final({ kind: 'found', body });
  // Only Plivo's own error document says that there is no such call; any web server says 404 about a wrong URL.
  if (status === 404 && isErrorDocument(body)) return final({ kind: 'none' });
  if (status === 401 || status === 403) {
    const reason = `Plivo answers ${status} to the account ${authId}: check PLIVO_AUTH_ID and PLIVO_AUTH_TOKEN`;
    return final({ kind: 'refused', reason });
  }
  const isForeign = status === 200 || status === 404;
  const advice = isForeign ? ' in a form that is not Plivo’s: check PLIVO_API_URL' : '';
  const reason = `Plivo’s API at ${apiUrl} answers ${status}${advice}`;
  if (status === 429) return again(reason, retryAfter(headers.get('retry-after'), now) ?? RATE_WINDOW_MS, true);
  return status >= 500 ? again(reason, FIRST_PAUSE_MS) : final({ kind: 'unavailable', reason });
}

function final(answer: Answer): Tried {
  return { answer, againAfterMs: null, limited: false };
}

function again(reason: string, againAfterMs: number, limited = false): Tried {
  return { answer: { kind: 'unavailable', reason }, againAfterMs, limited };
}

/**
 * Seconds, or a date; an hour at most, so that a mistaken header silences no account for days.
 * @param now of the writer's clock
 * @returns milliseconds from then, `null` where it says nothing
 */
export function retryAfter(header: string | null, now: number): number | null {
  if (header === null) return null;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? null : Math.min(Math.max(0, ms), LONGEST_PAUSE_MS);
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isErrorDocument(body: unknown): boolean {
  return typeof body === 'object' && body !== null && ('api_id' in body || 'error' in body);
}

/** What `fetch` hides in the cause of its error: the system's own word, such as ECONNREFUSED. */
function causeOf(error: unknown): string {
  const { name, message, cause } = error as Error & { readonly cause?: { readonly code?: string } };
  if (name === 'TimeoutError') return 'it does not answer in time';
  return cause?.code ?? message;
}
