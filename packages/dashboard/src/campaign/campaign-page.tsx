import type { RingsideError } from '@ringside/client';
import { useReport } from '@ringside/client/react';
import type { Report } from '@ringside/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { useClient } from '../client-context.ts';
import { ConfirmationStrip } from '../control/confirmation-strip.tsx';
import { ControlDialog } from '../control/control-dialog.tsx';
import { useControl } from '../control/use-control.ts';
import { formatCount } from '../format.ts';
import { useIsShared } from '../session/session-context.ts';
import { useIsStale } from '../shell/connection-mark.tsx';
import { Skeleton } from '../ui/panel.tsx';
import { useTitle } from '../ui/use-title.ts';
import { CampaignHeader } from './campaign-header.tsx';
import { Figures } from './figures.tsx';
import { SetupPanel } from './setup-panel.tsx';

const FEED_CALLS = 100;
const FACTS_EVERY_MS = 60_000;
/** While an external dialer is asked something. */
const ASKED_EVERY_MS = 2_000;

/** One campaign, live. */
export function CampaignPage({ id }: { readonly id: string }) {
  const { value: report, error } = useReport(useClient(), id, FEED_CALLS);
  const isStale = useIsStale();
  useTitle(report ? titleOf(report) : 'Ringside');
  if (error && !report) return <NotShown id={id} error={error} />;
  return <div data-stale={isStale}>{report ? <Board report={report} /> : <BoardSkeleton />}</div>;
}

function Board({ report }: { readonly report: Report }) {
  const client = useClient();
  const { data: campaign } = useQuery({
    queryKey: ['campaign', report.campaignId],
    queryFn: () => client.campaign(report.campaignId),
    refetchInterval: ({ state }) => (state.data?.confirmation.state === 'asked' ? ASKED_EVERY_MS : FACTS_EVERY_MS),
  });
  const { control, opened, close, answered } = useControl(report);
  return (
    <div className="flex flex-col gap-4">
      <CampaignHeader report={report} campaign={campaign ?? null} control={control} />
      {campaign && <ConfirmationStrip campaign={campaign} phase={report.phase} control={control} />}
      {report.phase === 'draft' ? (
        <SetupPanel campaign={campaign ?? null} contacts={report.progress.totalCalls} />
      ) : (
        <Figures report={report} campaign={campaign ?? null} control={control} />
      )}
      {campaign && opened && <ControlDialog opened={opened} campaign={campaign} answered={answered} onClose={close} />}
    </div>
  );
}

function titleOf({ progress, campaignName }: Report): string {
  const done =
    progress.processedPercentage === null ? formatCount(progress.completedCalls) : `${progress.processedPercentage} %`;
  return `${done} · ${campaignName} · Ringside`;
}

/** No campaign of that id yet, or none that could be; or another refusal in the server's words. */
function NotShown({ id, error }: { readonly id: string; readonly error: RingsideError }) {
  const isShared = useIsShared();
  const isAwaited = error.code === 'campaign-not-found';
  const isUnknown = isAwaited || error.code === 'validation-failed';
  return (
    <div className="grid min-h-[60dvh] place-items-center text-center">
      <div>
        <h1 className="text-20 font-semibold break-all">
          {isUnknown ? `No campaign “${id}”` : `“${id}” cannot be shown now`}
        </h1>
        <p className="mt-2 text-ink-2">
          {isAwaited
            ? 'Nobody registered it and no callback named it yet. This page opens by itself when that happens.'
            : error.message}
        </p>
        {!isShared && (
          <p className="mt-4">
            <Link href="/" className="text-progress underline underline-offset-2">
              All campaigns
            </Link>
          </p>
        )}
      </div>
    </div>
  );
}

function BoardSkeleton() {
  return (
    <div role="status" aria-label="Loading the campaign" className="flex flex-col gap-4">
      <Skeleton className="h-[78px]" />
      <Skeleton className="h-[132px] max-sm:h-[220px]" />
      <Skeleton className="h-[140px] max-sm:h-[420px]" />
      <div className="grid gap-4 lg:grid-cols-[7fr_5fr]">
        <Skeleton className="h-[520px]" />
        <Skeleton className="h-[520px]" />
      </div>
    </div>
  );
}
