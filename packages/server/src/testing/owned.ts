import type { Owned } from './route-samples.ts';

/** Sends a request with the key of the workspace that is to own things. */
export type Send = (method: string, path: string, body: unknown) => Promise<Response>;

/** Creates one of everything in a workspace. */
export async function createOwned(send: Send, workspaceId: string, campaignId: string): Promise<Owned> {
  await send('POST', '/v1/campaigns', { id: campaignId, name: 'Owned' });
  const at = new Date(Date.now() - 60_000).toISOString();
  const event = { type: 'initiated', campaignId, callId: 'call-1', at, to: '+919876543210' };
  await send('POST', '/v1/events', { events: [event] });
  const created = async (path: string, body: unknown): Promise<string> =>
    ((await (await send('POST', path, body)).json()) as { id: string }).id;
  return {
    ...{ campaignId, callId: 'call-1', workspaceId },
    keyId: await created('/v1/keys', { name: 'Victim', role: 'viewer' }),
    accountId: await created('/v1/provider-accounts', { authId: 'MAOWNED', token: 'owned-token' }),
    shareId: await created('/v1/share-links', {}),
  };
}

/** A share link that was opened: where its pages are, and the cookie that they send. */
export interface OpenLink {
  readonly id: string;
  readonly path: string;
  readonly cookie: string;
}

/** Creates a share link and opens it. @param campaignId `null` for the overview */
export async function openLink(base: string, send: Send, campaignId: string | null): Promise<OpenLink> {
  const made = await send('POST', '/v1/share-links', campaignId === null ? {} : { campaignId });
  const { id, url } = (await made.json()) as { id: string; url: string };
  const { pathname, hash } = new URL(url);
  const opened = await fetch(`${base}${pathname}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ secret: hash.slice(1) }),
  });
  return { id, path: pathname, cookie: opened.headers.get('set-cookie')?.split(';', 1)[0] ?? '' };
}
