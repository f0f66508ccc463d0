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
import { classes } from '../ui/classes.ts';
import { Skeleton } from '../ui/panel.tsx';
import { useTitle } from '../ui/use-title.ts';
import { isStill } from '../words.ts';
import { CampaignHeader } from './campaign-header.tsx';
import { CausesPanel } from './causes-panel.tsx';
import { DialingPanel } from './dialing-panel.tsx';
import { DoubtfulPanel } from './doubtful-panel.tsx';
import { DurationPanel } from './duration-panel.tsx';
import { Feed } from './feed.tsx';
import { KeyFigures } from './key-figures.tsx';
import { LeadsPanel } from './leads-panel.tsx';
import { NeedsYou } from './needs-you.tsx';
import { OutcomesPanel } from './outcomes-panel.tsx';
import { ProgressPanel } from './progress-panel.tsx';
import { SetupPanel } from './setup-panel.tsx';
import { LEAST_SAMPLES, TrendPanel } from './trend-panel.tsx';
import { useSamples } from './use-samples.ts';

const FEED_CALLS = 100;
const FACTS_EVERY_MS = 60_000;
/** While an external dialer is asked something. */
const ASKED_EVERY_MS = 2_000;

/** One campaign, live. */
export function CampaignPage({ id }: { readonly id: string }) {
  const { value: report, error } = useReport(useClient(), id, FEED_CALLS);
  const isStale = useIsStale();
  useTitle(report ? titleOf(report) : 'Ringside');
  if (error?.code === 'campaign-not-found' && !report) return <NoSuchCampaign id={id} />;
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
  const { samples, since } = useSamples(report);
  // A campaign in which nothing can happen has no lines to draw: its figures stand in their place.
  const isQuiet = isStill(report.phase) && samples.length < LEAST_SAMPLES;
  const figures = (
    <>
      <DurationPanel metrics={report.callMetrics} />
      <DialingPanel report={report} />
    </>
  );
  return (
    <div className="flex flex-col gap-4">
      <CampaignHeader report={report} campaign={campaign ?? null} control={control} />
      {campaign && <ConfirmationStrip campaign={campaign} phase={report.phase} control={control} />}
      {campaign?.dialer === 'built-in' && report.phase === 'draft' && (
        <SetupPanel campaign={campaign} contacts={report.progress.totalCalls} />
      )}
      <ProgressPanel progress={report.progress} />
      <KeyFigures report={report} since={since} samples={samples} />
      <NeedsYou report={report} campaign={campaign ?? null} control={control} />
      {campaign?.dialer === 'built-in' && <DoubtfulPanel campaignId={campaign.id} />}
      <div className="grid gap-4 lg:grid-cols-[7fr_5fr]">
        <Feed calls={report.recentActivity} still={isStill(report.phase)} />
        <div className={classes('flex min-w-0 flex-col gap-4', !isQuiet && 'lg:h-[520px]')}>
          <LeadsPanel leads={report.leads} conversion={report.callMetrics.rates.leadConversion} />
          {isQuiet ? figures : <TrendPanel samples={samples} since={since} />}
        </div>
      </div>
      <div className={`grid gap-4 md:grid-cols-2 ${isQuiet ? '' : 'xl:grid-cols-3'}`}>
        <OutcomesPanel outcomes={report.callMetrics.outcomes} ended={report.callMetrics.rates.answer.denominator} />
        <CausesPanel causes={report.callMetrics.hangupCauses} ended={report.callMetrics.rates.answer.denominator} />
        {!isQuiet && (
          <div className="flex min-w-0 flex-col gap-4 md:max-xl:col-span-2 md:max-xl:grid md:max-xl:grid-cols-2">
            {figures}
          </div>
        )}
      </div>
      {campaign && opened && <ControlDialog opened={opened} campaign={campaign} answered={answered} onClose={close} />}
    </div>
  );
}

function titleOf({ progress, campaignName }: Report): string {
  const done =
    progress.processedPercentage === null ? formatCount(progress.completedCalls) : `${progress.processedPercentage} %`;
  return `${done} · ${campaignName} · Ringside`;
}

function NoSuchCampaign({ id }: { readonly id: string }) {
  const isShared = useIsShared();
  return (
    <div className="grid min-h-[60dvh] place-items-center text-center">
      <div>
        <h1 className="text-20 font-semibold">No campaign “{id}”</h1>
        <p className="mt-2 text-ink-2">
          Nobody registered it and no callback named it yet. This page opens by itself when that happens.
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
