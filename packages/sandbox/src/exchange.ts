import { chance, seededRandom } from './random.ts';

/** An answer of Plivo's API. */
export interface Exchange {
  readonly status: number;
  /** `null`: none. */
  readonly body: object | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that says what is wrong, in the form of Plivo's. @param apiId names the request */
export function refusal(apiId: string, status: number, error: string): Exchange {
  return { status, body: { api_id: apiId, error } };
}

/** Whether the Authorization header is that of the account. */
export function isAuthorised(
  { authId, authTokens }: { readonly authId: string; readonly authTokens: readonly string[] },
  authorization: string | undefined,
): boolean {
  return authTokens.some((token) => authorization === `Basic ${Buffer.from(`${authId}:${token}`).toString('base64')}`);
}

/** Answers that share of the reads 503 and 429, in turn. @param count of the requests before this one */
export function readFailure(apiId: string, share: number, count: number): Exchange | null {
  if (!chance(seededRandom('call details', count), share)) return null;
  if (count % 2 === 0) return refusal(apiId, 503, 'service unavailable');
  return { ...refusal(apiId, 429, 'too many requests'), headers: { 'retry-after': '1' } };
}
