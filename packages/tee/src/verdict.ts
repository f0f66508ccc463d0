import { retryAfterMs } from './backoff.ts';

/** What became of one attempt to deliver a callback. */
export type Verdict =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'refused'; readonly status: number; readonly code: string; readonly detail: string }
  | {
      readonly kind: 'later';
      /** `server`: nothing gets through now. `item`: this callback fails, others may not. */
      readonly scope: 'server' | 'item';
      readonly why: string;
      /** Milliseconds that Ringside asked to wait. */
      readonly retryAfterMs: number | null;
    };

/** An answer of Ringside, or of a proxy before it. */
export interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly text: string;
}

/** @param now of whoever answered, epoch milliseconds, for a `Retry-After` that is a date */
export function verdictOf({ status, retryAfter, text }: Answer, now: number): Verdict {
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  const { code, detail } = problemOf(status, text);
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
    return { kind: 'refused', status, code, detail };
  }
  return {
    kind: 'later',
    // A plain 500 may be the fault of what was sent; one such callback must not hold up the rest.
    scope: status === 500 ? 'item' : 'server',
    why: status < 400 ? `HTTP ${status}, a redirect: set url to where it leads` : `HTTP ${status} ${code}: ${detail}`,
    retryAfterMs: retryAfterMs(retryAfter, now),
  };
}

function problemOf(status: number, text: string): { code: string; detail: string } {
  const { code, detail, title } = recordOf(text);
  return {
    code: typeof code === 'string' ? code : `http-${status}`,
    detail: typeof detail === 'string' ? detail : typeof title === 'string' ? title : 'The answer says no more.',
  };
}

function recordOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
