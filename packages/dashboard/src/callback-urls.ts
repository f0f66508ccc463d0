/** A URL to give to Plivo with each call, under the name that the Call API has for it. */
export interface CallbackUrl {
  readonly name: string;
  readonly url: string;
}

/** Asks Plivo to deliver again when a delivery fails, which it does not do by default. */
const REDELIVERY = '#rc=5&rp=all';

/**
 * The URLs to give to Plivo with each call.
 * @param base address at which Plivo calls this server, without a slash at its end
 * @param workspace names it in the URLs, for callbacks that name no account and accounts that several workspaces have
 */
export function callbackUrls(base: string, workspace: string | null, campaignId = 'c-42'): readonly CallbackUrl[] {
  const root = workspace === null ? `${base}/plivo` : `${base}/w/${encodeURIComponent(workspace)}/plivo`;
  return [
    { name: 'ring_url', url: `${root}/ring-url?campId=${campaignId}${REDELIVERY}` },
    { name: 'answer_url', url: `${root}/answer-url?campId=${campaignId}&next=https%3A%2F%2F…` },
    { name: 'hangup_url', url: `${root}/hangup-url?campId=${campaignId}${REDELIVERY}` },
    { name: 'machine_detection_url', url: `${root}/machine-detection?campId=${campaignId}` },
  ];
}

/** All of them in one text, a line each. */
export function textOfUrls(urls: readonly CallbackUrl[]): string {
  const width = Math.max(...urls.map(({ name }) => name.length));
  return urls.map(({ name, url }) => `${name.padEnd(width)}  ${url}`).join('\n');
}
