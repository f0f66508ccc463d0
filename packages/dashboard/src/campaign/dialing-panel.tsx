import type { Rate, Report } from '@ringside/protocol';
import type { ReactNode } from 'react';
import { figureWords, type RateWord, rateWords, reasons, type Word } from '../definitions.ts';
import { formatCount, formatMoney, percentOf, perMinute } from '../format.ts';
import { RateDefinition } from '../ui/definition.tsx';
import { Explained, Term } from '../ui/explained.tsx';
import { Figure } from '../ui/figure.tsx';
import { Unknown } from '../ui/hint.tsx';
import { Panel } from '../ui/panel.tsx';
import { Ticker } from '../ui/ticker.tsx';

/** How hard the campaign dials, and what that costs. */
export function DialingPanel({ report }: { readonly report: Report }) {
  const { pace, concurrency, cost, rates } = report.callMetrics;
  const { currency, total, perAnswer } = cost;
  return (
    <Panel title="Pace and cost" className="flex-1">
      <dl className="px-4 pb-3">
        <Row word={figureWords.attemptsPerMinute}>
          {pace.attemptsPerMinute === null ? (
            <Unknown why={reasons.noPace} />
          ) : (
            <Figure parts={perMinute(pace.attemptsPerMinute)} />
          )}
        </Row>
        <Row word={figureWords.settledPerMinute}>
          {pace.settledPerMinute === null ? (
            <Unknown why={reasons.noPace} />
          ) : (
            <Figure parts={perMinute(pace.settledPerMinute)} />
          )}
        </Row>
        <Row word={figureWords.concurrency}>
          <Ticker text={formatCount(concurrency.active)} />
          <span className="text-ink-2">
            {' '}
            · peak {formatCount(concurrency.peak)}
            {concurrency.limit !== null && ` · limit ${formatCount(concurrency.limit)}`}
          </span>
        </Row>
        <RateRow word={rateWords.contact} rate={rates.contact} unknown={reasons.noEnded} />
        <RateRow word={rateWords.shortCall} rate={rates.shortCall} unknown={reasons.noAnswered} />
        <Row word={figureWords.cost}>
          {total === null ? <Unknown why={reasons.noCost} /> : <Ticker text={formatMoney(total, currency)} />}
          {perAnswer !== null && <span className="text-ink-2"> · {formatMoney(perAnswer, currency)} an answer</span>}
        </Row>
      </dl>
    </Panel>
  );
}

interface RateRowProps {
  readonly word: RateWord;
  readonly rate: Rate;
  readonly unknown: string;
}

function RateRow({ word, rate, unknown }: RateRowProps) {
  const { value, numerator, denominator } = rate;
  return (
    <Row word={word} text={<RateDefinition word={word} rate={rate} />}>
      {value === null ? <Unknown why={unknown} /> : <Figure parts={percentOf(value)} />}
      <span className="text-ink-2">
        {' '}
        · {formatCount(numerator)} of {formatCount(denominator)}
      </span>
    </Row>
  );
}

interface RowProps {
  readonly word: Word;
  /** The explanation, where it is more than the meaning. */
  readonly text?: ReactNode;
  readonly children: ReactNode;
}

function Row({ word, text = word.meaning, children }: RowProps) {
  return (
    <Explained text={text} className="flex h-8 items-center justify-between gap-4 border-b border-line last:border-b-0">
      <dt className="whitespace-nowrap text-ink-2">
        <Term>{word.label}</Term>
      </dt>
      <dd className="truncate text-right">{children}</dd>
    </Explained>
  );
}
