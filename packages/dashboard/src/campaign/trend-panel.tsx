import { Suspense } from 'react';
import { formatClock } from '../format.ts';
import { Hint } from '../ui/hint.tsx';
import { lazily } from '../ui/lazily.tsx';
import { Panel } from '../ui/panel.tsx';
import type { Sample } from './samples.ts';
import type { Since } from './use-samples.ts';

const TrendChart = lazily(() => import('./trend-chart.tsx').then(({ TrendChart }) => TrendChart));

/** A line needs this many points to say anything. */
export const LEAST_SAMPLES = 4;

interface TrendPanelProps {
  readonly samples: readonly Sample[];
  readonly since: Since;
}

/** Pace and answer rate as they were while this page was open, and only then: nothing is filled in. */
export function TrendPanel({ samples, since }: TrendPanelProps) {
  return (
    <Panel
      title="Pace and answer rate"
      aside={
        <span className="text-12 text-ink-2">
          <Hint text="The lines begin when this page was opened; nothing earlier is filled in.">
            since {formatClock(since.at)}
          </Hint>
        </span>
      }
      className="h-96 lg:h-auto lg:min-h-0 lg:flex-1"
    >
      {samples.length < LEAST_SAMPLES ? (
        <p className="grid flex-1 place-items-center border-t border-line px-6 text-center text-ink-2">
          The lines begin when the page has watched for a quarter of a minute.
        </p>
      ) : (
        <Suspense fallback={<div className="flex-1 border-t border-line" />}>
          <TrendChart samples={samples} />
        </Suspense>
      )}
    </Panel>
  );
}
