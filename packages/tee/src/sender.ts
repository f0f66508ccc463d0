import type { Effects } from './effects.ts';
import type { TeeSettings } from './options.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** Ringside's problem documents have some hundreds of characters. */
const LONGEST_ANSWER = 64 * 1024;

/** Posts one callback, given as JSON. Never rejects. */
export type Send = (json: string, signal: AbortSignal) => Promise<Verdict>;

/** Posts callbacks to a Ringside server. */
export function createSender(
  { endpoint, key, timeoutMs }: Pick<TeeSettings, 'endpoint' | 'key' | 'timeoutMs'>,
  effects: Pick<Effects, 'fetch' | 'now' | 'after'>,
): Send {
  return async (json, signal) => {
    const timeout = new AbortController();
    const abort = (): void => timeout.abort(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const calm = effects.after(timeoutMs, () => timeout.abort(new Error(`no answer in ${timeoutMs} ms`)), false);
    try {
      const response = await effects.fetch(endpoint, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: json,
        // A followed redirect would drop the key or turn the POST into a GET.
        redirect: 'manual',
        signal: timeout.signal,
      });
      const text = await shortText(response);
      const { status, headers } = response;
      const saidAt = Date.parse(headers.get('date') ?? '');
      const now = Number.isNaN(saidAt) ? effects.now() : saidAt;
      return verdictOf({ status, retryAfter: headers.get('retry-after'), text }, now);
    } catch (error) {
      return { kind: 'later', scope: 'server', why: reasonOf(error), retryAfterMs: null };
    } finally {
      calm();
      signal.removeEventListener('abort', abort);
    }
  };
}

/** The beginning of an answer: a proxy in between may send a page, or send without end. */
async function shortText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of response.body ?? []) {
    text += decoder.decode(piece, { stream: true });
    if (text.length > LONGEST_ANSWER) break;
  }
  return text;
}

/** `fetch failed` says nothing; what failed stands in the causes. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return cause.message || ((cause as NodeJS.ErrnoException).code ?? error.message);
}
