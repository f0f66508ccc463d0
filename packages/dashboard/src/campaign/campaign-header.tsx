import type { Campaign, Report } from '@ringside/protocol';
import { ChevronLeft } from 'lucide-react';
import { Fragment } from 'react';
import { Link } from 'wouter';
import { ControlBar } from '../control/control-bar.tsx';
import type { Control } from '../control/use-control.ts';
import { figureWords, reasons } from '../definitions.ts';
import { counted, formatMinute } from '../format.ts';
import { UnregisteredTag } from '../list/unregistered-tag.tsx';
import { useIsShared, useMay } from '../session/session-context.ts';
import { WorkspaceName } from '../session/workspace-name.tsx';
import { ShareButton } from '../share/share-button.tsx';
import { ConnectionMark } from '../shell/connection-mark.tsx';
import { Explained, Term } from '../ui/explained.tsx';
import { Hint } from '../ui/hint.tsx';
import { PhaseMark } from '../ui/phase-mark.tsx';
import { useServerTime } from '../ui/use-now.ts';
import { isLastCalls, standing } from '../words.ts';

interface CampaignHeaderProps {
  readonly report: Report;
  /** What was declared; `null` while it is being read. */
  readonly campaign: Campaign | null;
  readonly control: Control;
}

/** What it is, how it stands, since when, and until when. */
export function CampaignHeader({ report, campaign, control }: CampaignHeaderProps) {
  // What holds it up stands in its strip; and who may operate it sees the calls drain beside the button.
  const mayOperate = useMay('operate');
  const isTold = report.phase === 'pausing' ? mayOperate : !isLastCalls(report);
  const now = useServerTime();
  const note = isTold ? '' : standing(report, now);
  return (
    <header className="max-sm:-order-2">
      <div className="flex items-center justify-between gap-3">
        <WayBack />
        <div className="flex shrink-0 items-center gap-2">
          <ConnectionMark />
          {campaign && <ControlBar report={report} campaign={campaign} control={control} />}
          <ShareButton campaignId={report.campaignId} name={report.campaignName} />
        </div>
      </div>
      <div className="mt-1 flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <h1 className="max-w-full truncate text-28 font-semibold tracking-tight">{report.campaignName}</h1>
        <PhaseMark phase={report.phase} className="text-16 font-medium" />
        {campaign?.registered === false && <UnregisteredTag />}
        {note && <span className="text-ink-2">{note}</span>}
      </div>
      <div className="mt-1 flex flex-wrap justify-between gap-x-6 gap-y-0.5 text-ink-2">
        <Facts report={report} campaign={campaign} now={now} />
        <Finish report={report} now={now} />
      </div>
    </header>
  );
}

type Fact = readonly [text: string, meaning: string];

type FactsProps = Omit<CampaignHeaderProps, 'control'> & { readonly now: Date };

function Facts(props: FactsProps) {
  return (
    <p>
      {factsOf(props).map(([text, meaning], index) => (
        <Fragment key={meaning}>
          {index > 0 && ' · '}
          <Hint bare text={meaning}>
            {text}
          </Hint>
        </Fragment>
      ))}
    </p>
  );
}

/** To the other campaigns of the workspace; a shared campaign stands alone. */
function WayBack() {
  if (useIsShared()) return <WorkspaceName className="min-w-0 truncate text-12 text-ink-2" />;
  return (
    <p className="flex min-w-0 items-center text-12 text-ink-2">
      <Link
        href="/"
        className="-ml-1 inline-flex h-7 shrink-0 items-center gap-0.5 hover:text-ink max-sm:-ml-2 max-sm:h-9 max-sm:w-8 max-sm:justify-center"
      >
        <ChevronLeft aria-hidden="true" className="size-3.5 max-sm:size-5" />
        <span className="max-sm:sr-only">Campaigns</span>
      </Link>
      <span aria-hidden="true" className="mx-1.5 text-ink-3 max-sm:hidden">
        ·
      </span>
      <WorkspaceName className="truncate max-sm:hidden" />
    </p>
  );
}

function factsOf({ report: { timeline, campaignId, campaignName }, campaign, now }: FactsProps): Fact[] {
  const { startTime } = timeline;
  const started = startTime === null ? 'not started' : `started ${formatMinute(startTime, now)}`;
  const facts: Fact[] = [[started, figureWords.startTime.meaning]];
  const lines = campaign?.pace?.concurrency;
  if (lines !== undefined) facts.push([counted(lines, 'line'), figureWords.lines.meaning]);
  const starts = campaign?.pace?.callsPerSecond;
  if (starts !== undefined) facts.push([`${starts} / s`, figureWords.callsPerSecond.meaning]);
  const retry = campaign?.retry;
  if (retry) facts.push([`up to ${counted(retry.maxAttempts, 'attempt')}`, figureWords.maxAttempts.meaning]);
  if (campaignName !== campaignId) facts.push([campaignId, figureWords.campaignId.meaning]);
  return facts;
}

/** A range when there is a forecast, else nothing is invented. */
function Finish({ report: { forecast, phase, timeline }, now }: { readonly report: Report; readonly now: Date }) {
  const time = (instant: string): string => formatMinute(instant, now);
  if (phase === 'completed' || phase === 'cancelled' || phase === 'failed') {
    if (timeline.lastUpdateTime === null) return null;
    return (
      <Explained as="p" text={figureWords.lastUpdateTime.meaning}>
        <Term>{figureWords.lastUpdateTime.label}</Term> {time(timeline.lastUpdateTime)}
      </Explained>
    );
  }
  if (phase === 'draft') return null;
  const range = forecast?.endTime;
  if (!range) {
    return (
      <p>
        <Hint text={forecast?.basis ?? reasons.noForecast}>done by –</Hint>
      </p>
    );
  }
  return (
    <Explained as="p" text={[figureWords.forecast.meaning, forecast.basis].join(' ')}>
      <Term>{figureWords.forecast.label}</Term> <b className="font-medium text-ink">{time(range.p10)}</b> and{' '}
      <b className="font-medium text-ink">{time(range.p90)}</b> (80 %)
    </Explained>
  );
}
