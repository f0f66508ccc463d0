import type { Campaign, Report } from '@ringside/protocol';
import type { Control } from '../control/use-control.ts';
import { useMay } from '../session/session-context.ts';
import { classes } from '../ui/classes.ts';
import { isStill } from '../words.ts';
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
import { LEAST_SAMPLES, TrendPanel } from './trend-panel.tsx';
import { useSamples } from './use-samples.ts';

interface FiguresProps {
  readonly report: Report;
  /** What was declared; `null` while it is being read. */
  readonly campaign: Campaign | null;
  readonly control: Control;
}

/** Everything that is counted of a campaign, and what holds it up. */
export function Figures({ report, campaign, control }: FiguresProps) {
  const mayOperate = useMay('operate');
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
    <>
      <ProgressPanel progress={report.progress} />
      <KeyFigures report={report} since={since} samples={samples} />
      <NeedsYou report={report} campaign={campaign} control={control} />
      {mayOperate && campaign?.dialer === 'built-in' && <DoubtfulPanel campaignId={campaign.id} />}
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
    </>
  );
}
