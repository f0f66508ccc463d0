import type { IncomingMessage } from 'node:http';

/** The API as a share link's page calls it: `/s/<id>/v1/…` is `/v1/…` with that link's cookie. */
const SHARED_API = /^\/s\/([A-Za-z0-9_]{1,64})(\/v1\/[^\s]*)$/;

const shareIds = new WeakMap<IncomingMessage, string>();

/** The path that routes see; which link it came through is kept beside it. */
export function withoutShare(request: IncomingMessage): string {
  const url = request.url ?? '/';
  const [, shareId, rest] = SHARED_API.exec(url) ?? [];
  if (shareId === undefined || rest === undefined) return url;
  shareIds.set(request, shareId);
  return rest;
}

/** The share link that a request came through, or `null`. */
export function shareIdOf(request: IncomingMessage): string | null {
  return shareIds.get(request) ?? null;
}
