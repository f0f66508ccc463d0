import { useEffect, useState } from 'react';
import { useClient } from '../client-context.ts';
import { readServerTime } from '../readers.ts';

/** Server’s time, moving in steps, for words such as “3 s ago”. @param everyMs milliseconds */
export function useNow(everyMs: number): number {
  const client = useClient();
  const [now, setNow] = useState(() => client.serverTime());
  useEffect(() => {
    const timer = setInterval(() => setNow(client.serverTime()), everyMs);
    return () => clearInterval(timer);
  }, [client, everyMs]);
  return now;
}

/** Server’s time at each render. */
export function useServerTime(): Date {
  return readServerTime(useClient());
}
