import type { Ledger, Report } from '@ringside/protocol';
import { figureWords, ledgerOrder, ledgerWords, rateWords, reasons } from '../definitions.ts';
import { formatCount, percentOf } from '../format.ts';
import { classes } from '../ui/classes.ts';
import { RateDefinition } from '../ui/definition.tsx';
import { Explained, Term } from '../ui/explained.tsx';
import { Figure } from '../ui/figure.tsx';
import { Hint, Unknown } from '../ui/hint.tsx';
import { LedgerBar, ledgerFills } from '../ui/ledger-bar.tsx';
import { Ticker } from '../ui/ticker.tsx';

/** Every contact of the campaign, each in one place. */
export function ProgressPanel({ progress }: { readonly progress: Report['progress'] }) {
  const { ledger, totalCalls, totalKnown, processedPercentage, attempts } = progress;
  const settled = ledger.reached + ledger.unreached + ledger.excluded;
  const processed = { value: processedPercentage, numerator: settled, denominator: totalCalls };
  return (
    <section aria-label="Progress" className="rounded-panel border border-line bg-surface px-4 pt-3 pb-4">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <Explained
          as="p"
          text={<RateDefinition word={rateWords.processed} rate={processed} />}
          className="text-28 font-semibold tracking-tight"
        >
          {processedPercentage === null ? (
            <Unknown why={reasons.noTotal} />
          ) : (
            <Figure parts={percentOf(processedPercentage)} />
          )}
          <span className="ml-2 text-14 font-normal tracking-normal text-ink-2">
            <Term>{rateWords.processed.label}</Term>
          </span>
        </Explained>
        <p className="text-ink-2">
          <Explained as="span" text={totalKnown ? figureWords.totalCalls.meaning : reasons.noTotal}>
            <b className="font-medium text-ink">
              <Ticker text={formatCount(totalCalls)} />
            </b>{' '}
            <Term>{totalKnown ? figureWords.totalCalls.label : 'contacts seen so far'}</Term>
          </Explained>{' '}
          ·{' '}
          <Hint text={figureWords.attempts.meaning}>
            {formatCount(attempts)} {figureWords.attempts.label}
          </Hint>
        </p>
      </div>
      <LedgerBar ledger={ledger} className="mt-2 h-6 rounded-md" />
      <ul className="mt-3 flex flex-wrap gap-x-5 gap-y-1.5 max-sm:grid max-sm:grid-cols-2">
        {ledgerOrder.map((part) => (
          <LegendItem key={part} part={part} count={ledger[part]} />
        ))}
      </ul>
    </section>
  );
}

function LegendItem({ part, count }: { readonly part: keyof Ledger; readonly count: number }) {
  const { label, meaning } = ledgerWords[part];
  return (
    <Explained
      as="li"
      text={meaning}
      className={classes('flex items-center gap-2 whitespace-nowrap', count === 0 && 'text-ink-3')}
    >
      <span aria-hidden="true" className={classes('size-3 rounded-[3px]', ledgerFills[part])} />
      <Term className="text-ink-2">{label}</Term>
      <b className={count === 0 ? 'font-normal' : 'font-medium'}>
        <Ticker text={formatCount(count)} />
      </b>
    </Explained>
  );
}
