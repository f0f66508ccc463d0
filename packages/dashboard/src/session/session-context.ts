import type { Session } from '@ringside/client';
import type { Permission } from '@ringside/protocol';
import { createContext, useContext } from 'react';

export const SessionContext = createContext<Session | null>(null);

/** Who looks at this page. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('there is no session above this component');
  return session;
}

/** Whether who looks may do such things. It decides what is offered; the server decides what is done. */
export function useMay(permission: Permission): boolean {
  return useSession().permissions.includes(permission);
}

/** Whether the page was opened through a share link: then nothing leads elsewhere and nothing can be changed. */
export function useIsShared(): boolean {
  return useSession().share !== null;
}
