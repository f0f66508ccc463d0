import type { RingsideClient } from '@ringside/client';
import { createContext, useContext } from 'react';

export const ClientContext = createContext<RingsideClient | null>(null);

/** The one client of this page. */
export function useClient(): RingsideClient {
  const client = useContext(ClientContext);
  if (!client) throw new Error('there is no client above this component');
  return client;
}
