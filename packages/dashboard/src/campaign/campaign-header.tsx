import type { Campaign, Report } from '@ringside/protocol';
import { ChevronLeft } from 'lucide-react';
import { Link } from 'wouter';
import { counted, formatMinute } from '../format.ts';
import { UnregisteredTag } from '../list/unregistered-tag.tsx';
import { useIsShared } from '../session/session-context.ts';
import { WorkspaceName } from '../session/workspace-name.tsx';
import { ShareButton } from '../share/share-button.tsx';
import { ConnectionMark } from '../shell/connection-mark.tsx';
import { Hint } from '../ui/hint.tsx';
import { PhaseMark } from '../ui/phase-mark.tsx';
import { reasons, standing } from '../words.ts';

interface CampaignHeaderProps {
  readonly report: Report;
  /** What was declared; `null` while it is being read. */
  readonly campaign: Campaign | null;
}

/** What it is, how it stands, since when, and until when. */
export function CampaignHeader({ report, campaign }: CampaignHeaderProps) {
  const note = report.blockers.some(({ code }) => code !== 'paused') ? '' : standing(report);
  return (
    <header className="max-sm:-order-2">
      <div className="flex items-center justify-between gap-3">
        <WayBack />
        <div className="flex shrink-0 items-center gap-2">
          <ConnectionMark />
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
        <p>{factsOf(report, campaign).join(' · ')}</p>
        <Finish report={report} />
      </div>
    </header>
  );
}

/** To the other campaigns of the workspace; a shared campaign stands alone. */
function WayBack() {
  if (useIsShared()) return <WorkspaceName className="min-w-0 truncate text-12 text-ink-2" />;
  return (
    <p className="flex min-w-0 items-center text-12 text-ink-2">
      <Link href="/" className="-ml-1 inline-flex h-7 shrink-0 items-center gap-0.5 hover:text-ink">
        <ChevronLeft aria-hidden="true" className="size-3.5" />
        Campaigns
      </Link>
      <span aria-hidden="true" className="mx-1.5 text-ink-3">
        ·
      </span>
      <WorkspaceName className="truncate" />
    </p>
  );
}

function factsOf({ timeline: { startTime }, campaignId, campaignName }: Report, campaign: Campaign | null): string[] {
  const facts = [startTime === null ? 'not started' : `started ${formatMinute(new Date(startTime), new Date())}`];
  const lines = campaign?.pace?.concurrency;
  if (lines !== undefined) facts.push(counted(lines, 'line'));
  if (campaign?.pace?.callsPerSecond !== undefined) facts.push(`${campaign.pace.callsPerSecond} / s`);
  if (campaign?.retry) facts.push(`up to ${counted(campaign.retry.maxAttempts, 'attempt')}`);
  if (campaignName !== campaignId) facts.push(campaignId);
  return facts;
}

/** A range when there is a forecast, else nothing is invented. */
function Finish({ report: { forecast, phase, timeline } }: { readonly report: Report }) {
  if (phase === 'completed' || phase === 'cancelled' || phase === 'failed') {
    if (timeline.lastUpdateTime === null) return null;
    return <p>last call event {formatMinute(new Date(timeline.lastUpdateTime), new Date())}</p>;
  }
  const range = forecast?.endTime;
  if (!range) {
    return (
      <p>
        <Hint text={forecast?.basis ?? reasons.noForecast}>done by –</Hint>
      </p>
    );
  }
  const time = (instant: string): string => formatMinute(new Date(instant), new Date());
  return (
    <p>
      done between <b className="font-medium text-ink">{time(range.p10)}</b> and{' '}
      <b className="font-medium text-ink">{time(range.p90)}</b>{' '}
      <Hint text={forecast.basis ?? 'The campaign ends in this span with a probability of 80 %.'}>(80 %)</Hint>
    </p>
  );
}
