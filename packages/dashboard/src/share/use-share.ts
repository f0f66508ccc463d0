import { RingsideClient, RingsideError, type Session } from '@ringside/client';
import { useConnectionStatus } from '@ringside/client/react';
import { useQuery } from '@tanstack/react-query';
import { useLayoutEffect, useRef, useState } from 'react';
import { takeFragment } from '../session/fragment.ts';
import { CookieBlocked, keptSession } from '../session/kept-session.ts';

const RETRY_MS = 3_000;

/** What became of a share link: it is being opened, open, not (or no longer) valid, or the server does not answer. */
export type Share =
  | { readonly state: 'opening' | 'unreachable' }
  | { readonly state: 'open'; readonly session: Session }
  /** The browser keeps no cookie for it. */
  | { readonly state: 'blocked'; readonly why: string }
  /** `wasOpen`: it ended while somebody looked. */
  | { readonly state: 'ended'; readonly wasOpen: boolean };

/** The client of a link’s pages: whatever it calls lies below the link’s own path, as does the cookie that lets it in. */
export function useShareClient(shareId: string): RingsideClient {
  const [client] = useState(() => new RingsideClient({ url: `${location.origin}/s/${encodeURIComponent(shareId)}` }));
  return client;
}

/** Exchanges the secret in the address for a cookie; without one, as after a reload, the cookie of before counts. */
export function useShare(client: RingsideClient): Share {
  const { given, secret } = useSecret();
  const { state } = useConnectionStatus(client);
  const { data, error, failureCount } = useQuery({
    queryKey: ['session', given],
    enabled: given > 0,
    queryFn: () => openShare(client, secret.current),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnMount: true,
    retry: (_failures, failure) => !isEnded(failure),
    retryDelay: RETRY_MS,
  });
  // What is no longer shown is no longer followed, and then the connection forgets that it was refused.
  const [endedAfter, setEndedAfter] = useState(0);
  if (state === 'refused' && endedAfter !== given) setEndedAfter(given);
  if (given > 0 && endedAfter === given) return { state: 'ended', wasOpen: true };
  if (data) return { state: 'open', session: data };
  if (error instanceof CookieBlocked) return { state: 'blocked', why: error.message };
  if (error) return { state: 'ended', wasOpen: false };
  return { state: failureCount > 0 ? 'unreachable' : 'opening' };
}

/** The secret leaves the address before anything is drawn. `given` counts up when another one is pasted in. */
function useSecret() {
  const secret = useRef<string | null>(null);
  const [given, setGiven] = useState(0);
  useLayoutEffect(() => {
    const take = (): void => {
      const taken = takeFragment();
      if (taken !== '') secret.current = taken;
      setGiven((before) => (taken !== '' || before === 0 ? before + 1 : before));
    };
    take();
    addEventListener('hashchange', take);
    return () => removeEventListener('hashchange', take);
  }, []);
  return { given, secret };
}

async function openShare(client: RingsideClient, secret: string | null): Promise<Session> {
  if (secret === null) return client.session();
  await client.request('/session', { method: 'POST', body: { secret } });
  return keptSession(client);
}

/** The server answered, and not with an outage: asking again would not help. */
function isEnded(error: Error): boolean {
  if (error instanceof CookieBlocked) return true;
  return error instanceof RingsideError && error.status !== null && error.status < 500 && error.status !== 429;
}
