import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type ParsedUrlQuery, parse } from 'node:querystring';
import { PUBLIC_URL } from '../load/load.ts';

/** Says whether a POST callback carries a right V3 signature. */
export type V3Check = (target: string, form: ParsedUrlQuery, headers: IncomingHttpHeaders) => boolean;

/** The check that the peers make: written apart from Ringside's, for the same signatures. */
export function makeV3Check(token: string): V3Check {
  const key = createSecretKey(Buffer.from(token));
  return (target, form, headers) => {
    const cut = target.indexOf('?');
    const path = cut < 0 ? target : target.slice(0, cut);
    const query = cut < 0 ? '' : sortedPairs(parse(target.slice(cut + 1)), '=', '&');
    const text = `${PUBLIC_URL}${path}?${query}${query === '' ? '' : '.'}${sortedPairs(form, '', '')}`;
    const wanted = createHmac('sha256', key).update(`${text}.${headers['x-plivo-signature-v3-nonce']}`).digest();
    return [headers['x-plivo-signature-v3'], headers['x-plivo-signature-ma-v3']].some(
      (header) => typeof header === 'string' && header.split(',').some((given) => isSame(given, wanted)),
    );
  };
}

function isSame(given: string, wanted: Buffer): boolean {
  const bytes = Buffer.from(given, 'base64');
  return bytes.length === wanted.length && timingSafeEqual(bytes, wanted);
}

function sortedPairs(params: ParsedUrlQuery, between: string, after: string): string {
  let text = '';
  for (const name of Object.keys(params).sort()) {
    const value = params[name];
    for (const one of Array.isArray(value) ? value.sort() : [value]) {
      if (text !== '') text += after;
      text += name + between + one;
    }
  }
  return text;
}
