/** Where Plivo tells what becomes of one call. */
export interface CallbackUrls {
  readonly answerUrl: string;
  readonly ringUrl: string;
  readonly hangupUrl: string;
  readonly machineDetectionUrl: string;
}

export interface CallbackNames {
  readonly workspace: string;
  readonly campaignId: string;
  readonly attemptId: string;
  readonly contactId: string | null;
  /** Whoever answers the call instead of the campaign's own XML, and how it is asked. */
  readonly next: { readonly url: string; readonly method: 'GET' | 'POST' } | null;
}

/**
 * Plivo gives a callback up that was refused once; so it is asked to try everything five times in 55 seconds. Fragments
 * are neither sent nor signed. The answer URL has none: somebody is on the line.
 */
const INSIST = '#rc=5&rp=all&rt=5000&tt=55000';

/** @param publicUrl how the provider reaches this server, without a slash at the end */
export function callbackUrls(publicUrl: string, names: CallbackNames): CallbackUrls {
  const { workspace, campaignId, attemptId, contactId, next } = names;
  const base = `${publicUrl}/w/${encodeURIComponent(workspace)}/plivo`;
  const query = queryOf({ campId: campaignId, attemptId, contactId });
  const nextQuery = next && queryOf({ next: next.url, nextMethod: next.method === 'GET' ? 'GET' : null });
  return {
    answerUrl: `${base}/answer-url?${query}${nextQuery ? `&${nextQuery}` : ''}`,
    ringUrl: `${base}/ring-url?${query}${INSIST}`,
    hangupUrl: `${base}/hangup-url?${query}${INSIST}`,
    machineDetectionUrl: `${base}/machine-detection?${query}${INSIST}`,
  };
}

/** Blanks as `%20`: a `+` is read as one or the other. */
function queryOf(params: Readonly<Record<string, string | null>>): string {
  return Object.entries(params)
    .flatMap(([name, value]) => (value === null ? [] : `${name}=${encodeURIComponent(value)}`))
    .join('&');
}
