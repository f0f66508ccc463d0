import type { Report } from '@ringside/protocol';
import type { ReactNode } from 'react';
import { figureWords, reasons, type Word } from '../definitions.ts';
import { durationOf, formatTalk, plain } from '../format.ts';
import { Explained, Term } from '../ui/explained.tsx';
import { Figure } from '../ui/figure.tsx';
import { Unknown } from '../ui/hint.tsx';
import { Panel } from '../ui/panel.tsx';

const marks = ['p50', 'p90', 'p99'] as const;

/** How long people talk, as a span and its marks. */
export function DurationPanel({ metrics }: { readonly metrics: Report['callMetrics'] }) {
  const { duration, totalDuration, averageRingTime } = metrics;
  const { p50, p90, p99 } = duration;
  return (
    <Panel
      title="Talk time"
      aside={
        <Explained as="span" text={figureWords.totalDuration.meaning} className="text-12 text-ink-2">
          <Term>{figureWords.totalDuration.label}</Term>{' '}
          <Figure parts={durationOf(totalDuration)} className="text-14 font-medium text-ink" />
        </Explained>
      }
    >
      <div className="px-4 pb-4">
        {p50 !== null && p90 !== null && p99 !== null && p99 > 0 ? (
          <Span p50={p50} p90={p90} p99={p99} />
        ) : (
          <div aria-hidden="true" className="h-3 rounded-[4px] bg-rest-fill" />
        )}
        <dl className="mt-3 grid grid-cols-4 gap-2">
          {marks.map((name) => (
            <Mark key={name} word={figureWords[name]}>
              {duration[name] === null ? <Unknown why={reasons.noCompleted} /> : formatTalk(duration[name])}
            </Mark>
          ))}
          <Mark word={figureWords.averageRingTime}>
            {averageRingTime === null ? (
              <Unknown why={reasons.noAnswered} />
            ) : (
              <Figure parts={durationOf(averageRingTime)} />
            )}
          </Mark>
        </dl>
      </div>
    </Panel>
  );
}

function Mark({ word, children }: { readonly word: Word; readonly children: ReactNode }) {
  return (
    <Explained text={word.meaning}>
      <dt className="text-12 whitespace-nowrap text-ink-2">
        <Term>{word.label}</Term>
      </dt>
      <dd className="text-20 font-semibold tracking-tight">{children}</dd>
    </Explained>
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
