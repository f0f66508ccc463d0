import { useLocation, useSearch } from 'wouter';

/** Path and query of the page: another filter ends a fault, as another page does. */
export function useAddress(): string {
  const [path] = useLocation();
  return `${path}?${useSearch()}`;
}
