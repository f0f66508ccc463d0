import type { Report } from '@ringside/protocol';
import { durationOf, formatTalk, plain } from '../format.ts';
import { Figure } from '../ui/figure.tsx';
import { Hint, Unknown } from '../ui/hint.tsx';
import { Panel } from '../ui/panel.tsx';
import { reasons } from '../words.ts';

const marks = [
  { name: 'p50', label: 'half by', meaning: 'Half of the completed calls were over by then (median).' },
  { name: 'p90', label: '90 % by', meaning: 'Nine of ten completed calls were over by then.' },
  { name: 'p99', label: '99 % by', meaning: 'All but one in a hundred completed calls were over by then.' },
] as const;

/** How long people talk, as a span and its marks. */
export function DurationPanel({ metrics }: { readonly metrics: Report['callMetrics'] }) {
  const { duration, totalDuration, averageRingTime } = metrics;
  const { p50, p90, p99 } = duration;
  return (
    <Panel
      title="Talk time"
      aside={
        <span className="text-12 text-ink-2">
          total <Figure parts={durationOf(totalDuration)} className="text-14 font-medium text-ink" />
        </span>
      }
    >
      <div className="px-4 pb-4">
        {p50 !== null && p90 !== null && p99 !== null && p99 > 0 ? (
          <Span p50={p50} p90={p90} p99={p99} />
        ) : (
          <div aria-hidden="true" className="h-3 rounded-[4px] bg-rest-fill" />
        )}
        <dl className="mt-3 grid grid-cols-4 gap-2">
          {marks.map(({ name, label, meaning }) => (
            <div key={name}>
              <dt className="text-12 whitespace-nowrap text-ink-2">
                <Hint text={meaning}>{label}</Hint>
              </dt>
              <dd className="text-20 font-semibold tracking-tight">
                {duration[name] === null ? <Unknown why={reasons.noCompleted} /> : formatTalk(duration[name])}
              </dd>
            </div>
          ))}
          <div>
            <dt className="text-12 whitespace-nowrap text-ink-2">
              <Hint text="Mean time from placing a call to its answer.">rings</Hint>
            </dt>
            <dd className="text-20 font-semibold tracking-tight">
              {averageRingTime === null ? (
                <Unknown why={reasons.noAnswered} />
              ) : (
                <Figure parts={durationOf(averageRingTime)} />
              )}
            </dd>
          </div>
        </dl>
      </div>
    </Panel>
  );
}

function Span({ p50, p90, p99 }: { readonly p50: number; readonly p90: number; readonly p99: number }) {
  const at = (seconds: number): string => `${(100 * seconds) / p99}%`;
  const label = `half by ${plain(durationOf(p50))}, 90 % by ${plain(durationOf(p90))}, 99 % by ${plain(durationOf(p99))}`;
  return (
    <div role="img" aria-label={label} className="relative h-3 overflow-hidden rounded-[4px] bg-rest-fill">
      <span className="absolute inset-y-0 left-0 bg-unreached-fill/50" style={{ width: at(p90) }} />
      <span className="absolute inset-y-0 left-0 bg-unreached-fill" style={{ width: at(p50) }} />
      <span className="absolute inset-y-0 w-0.5 -translate-x-full bg-ink" style={{ left: at(p50) }} />
    </div>
  );
}
