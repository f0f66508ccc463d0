/**
 * The URLs to give to Plivo with each call.
 * @param base what Plivo calls this server, without a slash at its end
 * @param workspace names it in the URLs, for callbacks that name no account and accounts that several workspaces have
 */
export function callbackUrls(base: string, workspace: string | null, campaignId = 'c-42'): string {
  const root = workspace === null ? `${base}/plivo` : `${base}/w/${encodeURIComponent(workspace)}/plivo`;
  return [
    `ring_url               ${root}/ring-url?campId=${campaignId}`,
    `answer_url             ${root}/answer-url?campId=${campaignId}&next=https%3A%2F%2F…`,
    `hangup_url             ${root}/hangup-url?campId=${campaignId}`,
    `machine_detection_url  ${root}/machine-detection?campId=${campaignId}`,
  ].join('\n');
}
