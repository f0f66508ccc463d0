import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { LoaderCircle } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { CampaignPage } from '../campaign/campaign-page.tsx';
import { ClientContext } from '../client-context.ts';
import { PageBoundary } from '../fault/page-boundary.tsx';
import { formatMinute } from '../format.ts';
import { ListPage } from '../list/list-page.tsx';
import { SessionContext } from '../session/session-context.ts';
import { SimulatedMark } from '../session/simulated-mark.tsx';
import { Logo } from '../shell/logo.tsx';
import { ThemeButton } from '../shell/theme-button.tsx';
import { useTitle } from '../ui/use-title.ts';
import { type Share, useShare, useShareClient } from './use-share.ts';

/** What a share link shows to whoever was sent it: one campaign or the overview, to be looked at and nothing else. */
export function SharedPage({ shareId }: { readonly shareId: string }) {
  const client = useShareClient(shareId);
  const [queries] = useState(() => new QueryClient());
  return (
    <ClientContext value={client}>
      <QueryClientProvider client={queries}>
        <Shared client={client} />
      </QueryClientProvider>
    </ClientContext>
  );
}

function Shared({ client }: { readonly client: ReturnType<typeof useShareClient> }) {
  const share = useShare(client);
  if (share.state !== 'open') return <NotOpen share={share} />;
  const { session } = share;
  const campaignId = session.share?.campaignId ?? null;
  return (
    <SessionContext value={session}>
      {session.simulated ? <SimulationBar /> : <Bar until={session.share?.expiresAt ?? null} />}
      <main className="mx-auto w-full max-w-360 px-4 pt-4 pb-10 sm:px-6">
        <PageBoundary>{campaignId === null ? <ListPage /> : <CampaignPage id={campaignId} />}</PageBoundary>
      </main>
    </SessionContext>
  );
}

function Bar({ until }: { readonly until: string | null }) {
  return (
    <header className="border-b border-line bg-surface">
      <div className="mx-auto flex min-h-12 max-w-360 flex-wrap items-center gap-x-4 gap-y-0.5 px-4 py-1.5 sm:px-6">
        <Logo className="text-14" />
        <p className="text-12 text-ink-2 max-sm:order-last max-sm:w-full">
          shared by link{until && ` until ${formatMinute(until, new Date())}`} · to look at only
        </p>
        <div className="ml-auto">
          <ThemeButton />
        </div>
      </div>
    </header>
  );
}

/** Stands above a simulation, so that no picture of it can be taken for a real campaign. */
function SimulationBar() {
  return (
    <header className="border-b border-line bg-raised">
      <div className="pattern-hatch h-1 bg-progress-fill" />
      <div className="mx-auto flex min-h-12 max-w-360 flex-wrap items-center gap-x-4 gap-y-1 px-4 py-1.5 sm:px-6">
        <Logo className="text-14" />
        <SimulatedMark />
        <p className="text-12 text-ink-2 max-md:order-last max-md:w-full">
          People, calls and leads are invented. Nobody is called.
        </p>
        <div className="ml-auto flex items-center gap-1">
          <span className="max-sm:hidden">
            <ThemeButton />
          </span>
          <Link
            href="/"
            className="inline-flex h-8 items-center rounded-md border border-line-strong bg-surface px-2.5 whitespace-nowrap hover:bg-canvas max-sm:h-9"
          >
            <span>
              Leave<span className="max-sm:sr-only"> simulation</span>
            </span>
          </Link>
        </div>
      </div>
    </header>
  );
}

function NotOpen({ share }: { readonly share: Exclude<Share, { readonly state: 'open' }> }) {
  useTitle(share.state === 'ended' ? 'Link ended · Ringside' : 'Ringside');
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-10">
      <div className="w-full max-w-100 text-center">
        <Logo className="mb-8 justify-center text-20" />
        <NotOpenWords share={share} />
      </div>
    </main>
  );
}

function NotOpenWords({ share }: { readonly share: Exclude<Share, { readonly state: 'open' }> }) {
  if (share.state === 'ended') {
    return share.wasOpen ? (
      <Words title="This link has ended">
        What it showed is no longer shared. Ask whoever sent it to you for a new one.
      </Words>
    ) : (
      <Words title="This link does not open anything">
        It has ended, or was copied without its last part, the one behind the #. Try the whole link as it was sent to
        you, or ask for a new one.
      </Words>
    );
  }
  if (share.state === 'blocked') return <Words title="This link could not be opened">{share.why}</Words>;
  if (share.state === 'unreachable') {
    return (
      <Words title="Ringside does not answer">
        The server may be restarting. This page tries again every three seconds.
      </Words>
    );
  }
  return (
    <p role="status" className="inline-flex items-center gap-2 text-ink-2">
      <LoaderCircle aria-hidden="true" className="size-4 animate-spin" />
      Opening the link…
    </p>
  );
}

function Words({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div role="status" className="rounded-panel border border-line bg-surface p-6">
      <h1 className="text-20 font-semibold tracking-tight">{title}</h1>
      <p className="mt-2 text-ink-2">{children}</p>
    </div>
  );
}
