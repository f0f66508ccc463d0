import { useOverview } from '@ringside/client/react';
import type { Overview } from '@ringside/protocol';
import { Suspense, useDeferredValue } from 'react';
import { useSearchParams } from 'wouter';
import { useClient } from '../client-context.ts';
import { useIsShared } from '../session/session-context.ts';
import { WorkspaceName } from '../session/workspace-name.tsx';
import { ShareButton } from '../share/share-button.tsx';
import { ConnectionMark, useIsStale } from '../shell/connection-mark.tsx';
import { lazily } from '../ui/lazily.tsx';
import { Skeleton } from '../ui/panel.tsx';
import { useMedia } from '../ui/use-media.ts';
import { useNow } from '../ui/use-now.ts';
import { useTitle } from '../ui/use-title.ts';
import { CampaignCards } from './campaign-cards.tsx';
import { CampaignTable } from './campaign-table.tsx';
import { type Filter, filterNames, selected } from './list-order.ts';
import { NewCampaignLink } from './new-campaign-link.tsx';
import { Toolbar } from './toolbar.tsx';
import { TotalsStrip } from './totals-strip.tsx';
import { useCampaignFacts } from './use-campaign-facts.ts';

const LazyFirstPage = lazily(() => import('../first-page/first-page.tsx').then(({ FirstPage }) => FirstPage));

/** Every campaign in a row of its own, live. */
export function ListPage() {
  const { value: overview } = useOverview(useClient());
  const isStale = useIsStale();
  const isShared = useIsShared();
  useTitle(overview && overview.totals.activeCalls > 0 ? `${overview.totals.activeCalls} live · Ringside` : 'Ringside');
  return (
    <div data-stale={isStale}>
      <header className="mb-4 flex min-h-8 items-center justify-between gap-3">
        <div className="flex min-w-0 items-baseline gap-2.5 max-sm:flex-col-reverse max-sm:gap-0">
          <h1 className="text-20 font-semibold tracking-tight">Campaigns</h1>
          <WorkspaceName className="max-w-full truncate text-ink-2 max-sm:text-12" />
        </div>
        <div className="flex shrink-0 items-center gap-2">
          <ConnectionMark />
          {overview?.totals.campaigns !== 0 && (
            <>
              <ShareButton campaignId={null} name="Overview" />
              <NewCampaignLink />
            </>
          )}
        </div>
      </header>
      {!overview && <ListSkeleton />}
      {overview && overview.totals.campaigns === 0 && (isShared ? <NothingShared /> : <FirstPage />)}
      {overview && overview.totals.campaigns > 0 && <CampaignList overview={overview} />}
    </div>
  );
}

function CampaignList({ overview }: { readonly overview: Overview }) {
  const [params, setParams] = useSearchParams();
  const filter = filterNames.find((name) => name === params.get('status')) ?? 'all';
  const search = params.get('q') ?? '';
  const campaigns = Object.values(overview.campaigns);
  const facts = useCampaignFacts(
    campaigns.map(({ campaignId, progress }) => `${campaignId}${progress.totalKnown}`).join(),
  );
  const now = useNow(60_000);
  const shown = selected(campaigns, { filter, search: useDeferredValue(search), now });
  const isWide = useMedia('(min-width: 768px)');
  const View = isWide ? CampaignTable : CampaignCards;

  function set(name: string, value: string): void {
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === '' || value === 'all') next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  }

  return (
    <>
      <TotalsStrip totals={overview.totals} />
      <Toolbar
        campaigns={campaigns}
        now={now}
        filter={filter}
        setFilter={(next: Filter) => set('status', next)}
        search={search}
        setSearch={(next) => set('q', next)}
      />
      {shown.length > 0 ? (
        <View campaigns={shown} isUnregistered={(id) => facts.get(id)?.registered === false} now={now} />
      ) : (
        <p className="rounded-panel border border-line bg-surface px-4 py-12 text-center text-ink-2">
          No campaign matches.{' '}
          <button
            type="button"
            onClick={() => setParams({}, { replace: true })}
            className="text-progress underline underline-offset-2"
          >
            Show all
          </button>
        </p>
      )}
    </>
  );
}

function FirstPage() {
  return (
    <Suspense fallback={<ListSkeleton />}>
      <LazyFirstPage />
    </Suspense>
  );
}

function NothingShared() {
  return (
    <p className="rounded-panel border border-line bg-surface px-4 py-12 text-center text-ink-2">
      No campaign yet. They show up here by themselves.
    </p>
  );
}

function ListSkeleton() {
  return (
    <div role="status" aria-label="Loading campaigns">
      <Skeleton className="h-[90px] max-lg:h-[170px]" />
      <Skeleton className="my-4 h-9 w-80 max-w-full" />
      <Skeleton className="h-64" />
    </div>
  );
}
