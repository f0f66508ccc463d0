import type { Rate, Report } from '@ringside/protocol';
import type { ReactNode } from 'react';
import { EARLY_BELOW, figureWords, type RateWord, rateWords, reasons, type Word } from '../definitions.ts';
import { counted, durationOf, formatClock, formatCount, formatMoney, percentOf } from '../format.ts';
import { RateDefinition } from '../ui/definition.tsx';
import { Explained, Term } from '../ui/explained.tsx';
import { Figure } from '../ui/figure.tsx';
import { Hint, Unknown } from '../ui/hint.tsx';
import { LeadIcon } from '../ui/lead-mark.tsx';
import { Ticker } from '../ui/ticker.tsx';
import type { Sample } from './samples.ts';
import { Sparkline } from './sparkline.tsx';
import type { Since } from './use-samples.ts';

interface KeyFiguresProps {
  readonly report: Report;
  readonly since: Since;
  readonly samples: readonly Sample[];
}

/** The six figures that say whether the campaign is all right. */
export function KeyFigures({ report, since, samples }: KeyFiguresProps) {
  const { rates, averageDuration, outcomes, activeCalls, concurrency, cost } = report.callMetrics;
  const leads = rates.leadConversion.numerator;
  const isFull = report.blockers.some(({ code }) => code === 'concurrency-reached');
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-panel border border-line bg-surface sm:grid-cols-3 xl:grid-cols-6">
      <RateTile word={rateWords.answer} rate={rates.answer} unknown={reasons.noEnded} />
      <RateTile word={rateWords.humanAnswer} rate={rates.humanAnswer} unknown={reasons.noEnded} />
      <Tile
        word={figureWords.averageDuration}
        early={outcomes.completed < EARLY_BELOW && outcomes.completed > 0}
        below={counted(outcomes.completed, 'completed call')}
      >
        {averageDuration === null ? (
          <Unknown why={reasons.noCompleted} />
        ) : (
          <Figure parts={durationOf(averageDuration)} />
        )}
      </Tile>
      <Tile
        word={figureWords.hotLeads}
        icon={<LeadIcon lead="hot" />}
        below={<span>{formatCount(report.leads.warm)} warm</span>}
      >
        <Ticker text={formatCount(report.leads.hot)} />
        <HotDelta now={report.leads.hot} since={since} />
      </Tile>
      <Tile
        word={figureWords.activeCalls}
        text={figureWords.concurrency.meaning}
        below={isFull ? <AllBusy /> : <span>most at once {formatCount(concurrency.peak)}</span>}
        aside={<Sparkline samples={samples} limit={concurrency.limit ?? concurrency.peak} />}
      >
        <Ticker text={formatCount(activeCalls)} />
        {concurrency.limit !== null && (
          <span className="text-14 font-normal text-ink-2"> of {formatCount(concurrency.limit)}</span>
        )}
      </Tile>
      <Tile
        word={figureWords.costPerLead}
        early={cost.perLead !== null && leads < EARLY_BELOW}
        below={
          cost.total === null
            ? 'no cost known'
            : `${formatMoney(cost.total, cost.currency)} for ${counted(leads, 'lead')}`
        }
      >
        {cost.perLead === null ? (
          <Unknown why={cost.total === null ? reasons.noCost : reasons.noLead} />
        ) : (
          <Ticker text={formatMoney(cost.perLead, cost.currency)} />
        )}
      </Tile>
    </dl>
  );
}

interface TileProps {
  readonly word: Word;
  /** The explanation, where it is more than the meaning. */
  readonly text?: ReactNode;
  readonly icon?: ReactNode;
  readonly early?: boolean;
  readonly below: ReactNode;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

function Tile({ word, text = word.meaning, icon, early = false, below, aside, children }: TileProps) {
  return (
    <Explained
      text={text}
      className="relative flex sm:min-h-[116px] flex-col bg-surface px-4 py-3 whitespace-nowrap max-sm:px-3 shadow-[0_0_0_1px_var(--line)]"
    >
      <dt className="flex items-center gap-1 text-12 text-ink-2">
        {icon}
        <Term>{word.label}</Term>
        {early && (
          <Hint bare text={`Fewer than ${EARLY_BELOW} calls: this may still be chance.`} className="ml-auto">
            <span className="rounded border border-dashed border-line-strong px-1 text-ink-2">early</span>
          </Hint>
        )}
      </dt>
      <dd className="mt-1 text-28 font-semibold tracking-tight whitespace-nowrap">{children}</dd>
      <dd className="mt-0.5 text-12 text-ink-2">{below}</dd>
      {aside && <dd className="mt-auto pt-2.5">{aside}</dd>}
    </Explained>
  );
}

interface RateTileProps {
  readonly word: RateWord;
  readonly rate: Rate;
  readonly unknown: string;
}

function RateTile({ word, rate, unknown }: RateTileProps) {
  const { value, numerator, denominator, low, high } = rate;
  return (
    <Tile
      word={word}
      text={<RateDefinition word={word} rate={rate} />}
      early={value !== null && denominator < EARLY_BELOW}
      below={`${formatCount(numerator)} of ${formatCount(denominator)}`}
      aside={value !== null && low !== null && high !== null && <Interval value={value} low={low} high={high} />}
    >
      {value === null ? <Unknown why={unknown} /> : <Figure parts={percentOf(value)} />}
    </Tile>
  );
}

/** As many calls are live as may be: all is well, and the next one starts when one ends. */
function AllBusy() {
  return (
    <Hint text="As many calls are live as may be at once. The next one starts when one ends.">all lines busy</Hint>
  );
}

/** Where the true share lies, drawn as the range that it is, on 0 to 100 %. */
function Interval({ value, low, high }: { readonly value: number; readonly low: number; readonly high: number }) {
  return (
    <div
      role="img"
      aria-label={`with 95 % confidence between ${low} and ${high} %`}
      className="relative mb-1 h-1 rounded-full bg-rest-fill"
    >
      <span
        className="absolute inset-y-0 rounded-full bg-ink-3/55 transition-[left,width] duration-200"
        style={{ left: `${low}%`, width: `max(${high - low}%, 3px)` }}
      />
      <span className="absolute -top-1 h-3 w-0.5 -translate-x-1/2 rounded-full bg-ink" style={{ left: `${value}%` }} />
    </div>
  );
}

/** How many came while this page was open. */
function HotDelta({ now, since }: { readonly now: number; readonly since: Since }) {
  const more = now - since.hot;
  if (more === 0) return null;
  const sign = more > 0 ? '+' : '−';
  return (
    <Hint
      bare
      text={`Since you opened this page at ${formatClock(since.at)}.`}
      className="ml-1.5 align-baseline text-14 font-normal tracking-normal text-ink-2"
    >
      <Ticker text={`${sign}${formatCount(Math.abs(more))}`} />
    </Hint>
  );
}
