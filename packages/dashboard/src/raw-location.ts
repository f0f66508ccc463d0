import type { BaseLocationHook } from 'wouter';
import { navigate, usePathname, useSearch } from 'wouter/use-browser-location';

/** The path as the address has it. The router decodes what it is given; a route decodes each part once, with `readPathPart`. */
export const useRawLocation: BaseLocationHook = () => [escaped(usePathname()), navigate];

/** The query as the address has it, likewise: `URLSearchParams` decodes it. */
export const useRawSearch = (): string => escaped(useSearch());

function escaped(text: string): string {
  return text.replaceAll('%', '%25');
}
