import { RingsideError } from '@ringside/client';
import { useConnectionStatus } from '@ringside/client/react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { useClient } from '../client-context.ts';
import { PartBoundary } from '../fault/part-boundary.tsx';
import { SessionContext } from '../session/session-context.ts';
import { signInPath } from '../session/sign-in-path.ts';
import { IntakeStrip } from './intake-strip.tsx';
import { Rail } from './rail.tsx';
import { RefusalPanel } from './refusal-panel.tsx';

const RETRY_MS = 3_000;

/** What stands around every page of somebody who is signed in. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const client = useClient();
  const signOut = useSignOut();
  useExpelled();
  useChangedAccess();
  const session = useQuery({
    queryKey: ['session'],
    queryFn: () => client.session(),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnMount: true,
    retry: (_failures, error) => !(error instanceof RingsideError && error.status === 401),
    retryDelay: RETRY_MS,
  });
  if (!session.data) return <Waiting failed={session.failureCount > 0} />;
  return (
    <SessionContext value={session.data}>
      <div className="min-h-dvh max-sm:pb-16 sm:pl-14">
        <a
          href="#content"
          className="fixed top-2 left-2 z-50 -translate-y-16 rounded-md bg-overlay px-3 py-2 text-on-overlay focus:translate-y-0"
        >
          Skip to content
        </a>
        <Rail signOut={signOut} />
        <main
          id="content"
          tabIndex={-1}
          className="mx-auto w-full max-w-360 px-4 pt-4 pb-6 outline-none sm:px-6 sm:pb-14"
        >
          <PartBoundary name="Whether callbacks are refused">
            <RefusalPanel />
          </PartBoundary>
          {children}
        </main>
        <PartBoundary name="The state of callbacks">
          <IntakeStrip />
        </PartBoundary>
      </div>
    </SessionContext>
  );
}

function Waiting({ failed }: { readonly failed: boolean }) {
  return (
    <main className="grid min-h-dvh place-items-center px-4" role="status">
      {failed && (
        <div className="max-w-90 text-center">
          <h1 className="text-16 font-medium">Ringside does not answer</h1>
          <p className="mt-1 text-ink-2">The server may be restarting. This page tries again every three seconds.</p>
        </div>
      )}
    </main>
  );
}

function useSignOut(): () => void {
  const client = useClient();
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  return () => {
    const leave = (): void => {
      navigate('/sign-in');
      queries.clear();
    };
    client.signOut().then(leave, leave);
  };
}

/** A session that ended while the page was open. */
function useExpelled(): void {
  const { state } = useConnectionStatus(useClient());
  const [, navigate] = useLocation();
  useEffect(() => {
    if (state === 'refused') navigate(signInPath(), { replace: true });
  }, [state, navigate]);
}

/** The server makes a page connect anew when its owner’s rights change, so then they are asked for anew. */
function useChangedAccess(): void {
  const { state } = useConnectionStatus(useClient());
  const queries = useQueryClient();
  const wasLive = useRef(false);
  useEffect(() => {
    if (state !== 'live') return;
    if (wasLive.current) void queries.invalidateQueries({ queryKey: ['session'] });
    wasLive.current = true;
  }, [state, queries]);
}
