import { parseJson, RATE_WINDOW_MS, retryAfter } from '../../providers/plivo/plivo-reads.ts';
import type { Placed, RefusalScope } from '../call-provider.ts';
import type { Sent } from './send-once.ts';

type Refused = Placed & { readonly kind: 'refused' };

const LONGEST_WORDS = 100;

/**
 * What Plivo's answer to placing a call means. A server error, or an answer that cannot be read, may come after the call
 * was made; whatever else is no success says that none was.
 * @param now epoch milliseconds
 */
export function placedOf(sent: Sent, now: number): Placed {
  if (sent.kind !== 'answered') return sent;
  const { status, text } = sent;
  const body = parseJson(text);
  if (status >= 200 && status < 300) return acceptedOf(body, status);
  // 408 is also what something in between says that gave up waiting for Plivo.
  if (status >= 500 || status === 408) return { kind: 'in-doubt', why: `Plivo answered ${status}` };
  const words = wordsOf(body);
  const why = `Plivo ${status}${words === '' ? '' : `: ${words}`}`;
  if (status === 429) {
    const saidAt = Date.parse(sent.date ?? '');
    const retryAfterMs = retryAfter(sent.retryAfter, Number.isNaN(saidAt) ? now : saidAt) ?? RATE_WINDOW_MS;
    return { ...refused('account', 'rate-limited', why), retryAfterMs };
  }
  if (status === 402 || /\b(credits?|balance)\b|insufficient funds/i.test(words))
    return refused('account', 'out-of-credits', why);
  return refusalOf(status, words, why);
}

function refusalOf(status: number, words: string, why: string): Refused {
  switch (status) {
    case 401:
      return refused('account', 'unauthorised', `${why}. Check the account’s auth id and token`);
    case 403:
      return /\baccount|suspended|deactivated|disabled/i.test(words)
        ? refused('account', 'forbidden', why)
        : refused('contact', 'forbidden', why);
    case 400:
      return refused('contact', 'bad-request', why);
    case 406:
    case 409:
    case 422:
      return refused('contact', 'other', why);
    default:
      // 404, 405, a redirect: whatever answers there, it does not place calls.
      return refused('account', 'other', `${why}. Check PLIVO_API_URL and the auth id: no calls are placed there`);
  }
}

function refused(scope: RefusalScope, code: Refused['code'], why: string): Refused {
  return { kind: 'refused', scope, code, why, retryAfterMs: null };
}

function acceptedOf(body: unknown, status: number): Placed {
  const { request_uuid: given } = (body ?? {}) as { readonly request_uuid?: unknown };
  const requestId: unknown = Array.isArray(given) ? given[0] : given;
  if (typeof requestId === 'string' && requestId !== '' && requestId.length <= 256)
    return { kind: 'accepted', requestId };
  return { kind: 'in-doubt', why: `Plivo answered ${status} without a request_uuid` };
}

/** Plivo's own words, shortened and without numbers: they end up in logs and reports. */
function wordsOf(body: unknown): string {
  const { error } = (body ?? {}) as { readonly error?: unknown };
  if (typeof error !== 'string') return '';
  return error
    .replaceAll(/\+?\d[\d ()-]{4,}\d/g, '…')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, LONGEST_WORDS);
}
