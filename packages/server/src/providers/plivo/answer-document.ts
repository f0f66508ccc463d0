import { CAMPAIGN_ID } from '@ringside/protocol';
import { contentHash } from '../../ingest/api-event.ts';
import type { Services } from '../../services.ts';
import { type Params, param } from './form.ts';

const HANG_UP = '<?xml version="1.0" encoding="UTF-8"?>\n<Response><Hangup/></Response>\n';

/** Who answers instead, from the query of the signed callback URL; the URL is `null` or anything. */
export interface Next {
  readonly url: string | null;
  readonly method: 'GET' | 'POST';
}

export function nextOf(query: Params): Next {
  return { url: param(query, 'next'), method: param(query, 'nextMethod') === 'GET' ? 'GET' : 'POST' };
}

/** A blocker is stored once in this time, not once a call. */
const FAULT_EVERY_MS = 30 * 60_000;

/**
 * What a call hears: a redirect to `next`, else the campaign's own answer XML, else a hangup that shows up as a
 * blocker. An empty response would end the call without a word to anybody.
 */
export async function answerDocument(
  services: Services,
  workspace: string,
  campaignId: string | null,
  next: Next,
  now: number,
): Promise<string> {
  if (isUrl(next.url)) return redirect(next.url, next.method);
  try {
    const xml = campaignId === null ? undefined : await services.store.answerXml(workspace, campaignId);
    if (xml) return xml;
    if (campaignId !== null) noteMissing(services, workspace, campaignId, now);
  } catch (error) {
    services.log.warn({ err: error }, 'the answer XML could not be read; the call is hung up');
  }
  return HANG_UP;
}

/**
 * What a call hears whose callback nobody can check yet. `next` is followed all the same, so that the call is not lost:
 * unlike a redirect of HTTP, which sends somebody's browser elsewhere, this document only instructs whoever fetched it,
 * so a forger gets back what they sent. It tells nothing that is stored, and the callback counts for nothing until it
 * was checked. The campaign's own document cannot be known.
 */
export function answerUnverified({ url, method }: Next): string {
  return isUrl(url) ? redirect(url, method) : HANG_UP;
}

function isUrl(next: string | null): next is string {
  return next !== null && URL.canParse(next) && /^https?:$/.test(new URL(next).protocol);
}

/** Without a method the provider asks by POST. */
function redirect(url: string, method: Next['method']): string {
  const by = method === 'GET' ? ' method="GET"' : '';
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Redirect${by}>${escapeXml(url)}</Redirect></Response>\n`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function noteMissing(services: Services, workspace: string, campaignId: string, now: number): void {
  if (!CAMPAIGN_ID.test(campaignId)) return;
  const code = 'answer-xml-missing';
  const at = Math.floor(now / FAULT_EVERY_MS) * FAULT_EVERY_MS;
  const delivery = {
    about: 'campaign',
    type: 'fault',
    code,
    at,
    receivedAt: now,
    source: 'sweeper',
    hash: contentHash({ code, at }),
  } as const;
  services.intake
    .submit({ kind: 'delivery', workspace, receivedAt: now, campaignId, delivery })
    .catch((error: unknown) => {
      services.log.warn({ err: error }, 'a blocker could not be stored');
    });
}
