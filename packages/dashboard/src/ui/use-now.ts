import { useEffect, useState } from 'react';
import { useClient } from '../client-context.ts';
import { readServerTime } from '../readers.ts';

/**
 * The server’s time, moving in steps. Only for words such as “3 s ago”; how this machine’s clock is set must not show in
 * them. @param everyMs milliseconds
 */
export function useNow(everyMs: number): number {
  const client = useClient();
  const [now, setNow] = useState(() => client.serverTime());
  useEffect(() => {
    const timer = setInterval(() => setNow(client.serverTime()), everyMs);
    return () => clearInterval(timer);
  }, [client, everyMs]);
  return now;
}

/** The server’s time whenever something is shown anew. */
export function useServerTime(): Date {
  return readServerTime(useClient());
}
