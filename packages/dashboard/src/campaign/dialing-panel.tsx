import type { Report } from '@ringside/protocol';
import type { ReactNode } from 'react';
import { formatCount, formatMoney, percentOf, perMinute } from '../format.ts';
import { Figure } from '../ui/figure.tsx';
import { Hint, Unknown } from '../ui/hint.tsx';
import { Panel } from '../ui/panel.tsx';
import { Ticker } from '../ui/ticker.tsx';
import { reasons } from '../words.ts';

/** How hard the campaign dials, and what that costs. */
export function DialingPanel({ report }: { readonly report: Report }) {
  const { pace, concurrency, cost, rates } = report.callMetrics;
  const { currency, total, perAnswer } = cost;
  return (
    <Panel title="Pace and cost" className="flex-1">
      <dl className="px-4 pb-3">
        <Row label="Calls started" meaning="Attempts a minute over the last five minutes of dialing.">
          {pace.attemptsPerMinute === null ? (
            <Unknown why={reasons.noPace} />
          ) : (
            <Figure parts={perMinute(pace.attemptsPerMinute)} />
          )}
        </Row>
        <Row
          label="Contacts settled"
          meaning="Contacts a minute that will not be tried again, over the last five minutes of dialing."
        >
          {pace.settledPerMinute === null ? (
            <Unknown why={reasons.noPace} />
          ) : (
            <Figure parts={perMinute(pace.settledPerMinute)} />
          )}
        </Row>
        <Row label="At once" meaning="Live calls now, the most at once so far, and how many are allowed.">
          <Ticker text={formatCount(concurrency.active)} />
          <span className="text-ink-2">
            {' '}
            · peak {formatCount(concurrency.peak)}
            {concurrency.limit !== null && ` · limit ${formatCount(concurrency.limit)}`}
          </span>
        </Row>
        <Row label="People reached" meaning="Contacts that a person answered, of the contacts tried at least once.">
          {rates.contact.value === null ? (
            <Unknown why={reasons.noEnded} />
          ) : (
            <Figure parts={percentOf(rates.contact.value)} />
          )}
          <span className="text-ink-2"> · {share(rates.contact)}</span>
        </Row>
        <Row
          label="Hung up in 6 s"
          meaning="Answered calls that the person ended within six seconds. A sudden rise means a bad opening or a flagged number."
        >
          {rates.shortCall.value === null ? (
            <Unknown why={reasons.noAnswered} />
          ) : (
            <Figure parts={percentOf(rates.shortCall.value)} />
          )}
          <span className="text-ink-2"> · {share(rates.shortCall)}</span>
        </Row>
        <Row label="Spent" meaning="What the provider billed for the calls so far, and per answered call.">
          {total === null ? <Unknown why={reasons.noCost} /> : <Ticker text={formatMoney(total, currency)} />}
          {perAnswer !== null && <span className="text-ink-2"> · {formatMoney(perAnswer, currency)} an answer</span>}
        </Row>
      </dl>
    </Panel>
  );
}

function share({ numerator, denominator }: { readonly numerator: number; readonly denominator: number }): string {
  return `${formatCount(numerator)} of ${formatCount(denominator)}`;
}

function Row({
  label,
  meaning,
  children,
}: {
  readonly label: string;
  readonly meaning: string;
  readonly children: ReactNode;
}) {
  return (
    <div className="flex h-8 items-center justify-between gap-4 border-b border-line last:border-b-0">
      <dt className="whitespace-nowrap text-ink-2">
        <Hint text={meaning}>{label}</Hint>
      </dt>
      <dd className="truncate text-right">{children}</dd>
    </div>
  );
}
