import { parse } from 'node:querystring';
import { storable } from '@ringside/protocol';

/** Decoded parameters of a query or form body. Values keep their blanks; the object has no prototype. */
export type Params = Readonly<Record<string, string | string[] | undefined>>;

/** Decodes `application/x-www-form-urlencoded` text as the provider's own libraries do. */
export function parseForm(text: string): Params {
  return parse(text, '&', '=', { maxKeys: 0 });
}

/** The first value of a parameter, trimmed; `null` when it is missing or blank. */
export function param(params: Params, name: string): string | null {
  const value = params[name];
  const first = (Array.isArray(value) ? value[0] : value)?.trim();
  return first === undefined || first === '' ? null : storable(first);
}

/** Whether there is a parameter at all. */
export function hasAny(params: Params): boolean {
  for (const _name in params) return true;
  return false;
}
