import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { HttpProblem } from './problems.ts';

export const SESSION_COOKIE = 'ringside_session';
/** Lies under the path of its share link, so it is never sent to anything else. */
export const SHARE_COOKIE = 'ringside_share';

/** The value of one cookie. */
export function cookieOf(header: string | undefined, name: string): string | null {
  for (const part of header?.split(';') ?? []) {
    const [key, value] = part.split('=', 2);
    if (key?.trim() === name) return value?.trim() ?? null;
  }
  return null;
}

export interface CookieOptions {
  readonly path: string;
  /** 0 removes it. */
  readonly seconds: number;
  readonly secure: boolean;
}

/** A cookie that scripts cannot read and that no other site's page sends. */
export function cookieText(name: string, value: string, { path, seconds, secure }: CookieOptions): string {
  return `${name}=${value}; Path=${path}; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure ? '; Secure' : ''}`;
}

/** Whether a cookie may travel encrypted only: so the configuration says, or a proxy that we believe. */
export function isSecure({ protocol }: Pick<FastifyRequest, 'protocol'>, publicUrls: readonly string[]): boolean {
  return protocol === 'https' || publicUrls.some((url) => url.startsWith('https:'));
}

/** A browser names the page that asks; our own and the allowed ones may. */
export function isAllowedOrigin(headers: IncomingHttpHeaders, allowed: readonly string[]): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return false;
  if (allowed.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** A cookie travels with any request a browser makes, so a change by cookie must come from a page of ours. */
export function foreignOrigin(): HttpProblem {
  return new HttpProblem('origin-refused', 'The request must come from this site or from one of ALLOWED_ORIGINS.');
}
