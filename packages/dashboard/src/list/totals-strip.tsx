import type { Overview } from '@ringside/protocol';
import type { ReactNode } from 'react';
import { figureWords, rateWords, reasons, type Word } from '../definitions.ts';
import { formatCount, percentOf } from '../format.ts';
import { RateDefinition } from '../ui/definition.tsx';
import { Explained, Term } from '../ui/explained.tsx';
import { Figure } from '../ui/figure.tsx';
import { Unknown } from '../ui/hint.tsx';
import { LeadIcon } from '../ui/lead-mark.tsx';
import { Ticker } from '../ui/ticker.tsx';

/** The workspace in six figures. */
export function TotalsStrip({ totals }: { readonly totals: Overview['totals'] }) {
  const { answerRate, answered, ended, leads } = totals;
  return (
    <dl className="grid grid-cols-3 gap-px overflow-hidden rounded-panel border border-line bg-surface lg:grid-cols-6">
      <Total word={figureWords.running} below={`of ${formatCount(totals.campaigns)}`}>
        <Ticker text={formatCount(totals.running)} />
      </Total>
      <Total
        word={figureWords.activeCalls}
        text={`${figureWords.activeCalls.meaning} Below, all that were placed so far.`}
        below={`${formatCount(totals.attempts)} placed`}
      >
        <Ticker text={formatCount(totals.activeCalls)} />
      </Total>
      <Total word={figureWords.reached} below={`of ${formatCount(totals.totalCalls)}`}>
        <Ticker text={formatCount(totals.completedCalls)} />
      </Total>
      <Total
        word={rateWords.answer}
        text={
          <RateDefinition
            word={rateWords.answer}
            rate={{ value: answerRate, numerator: answered, denominator: ended }}
          />
        }
        below={`${formatCount(answered)} of ${formatCount(ended)}`}
      >
        {answerRate === null ? <Unknown why={reasons.noEnded} /> : <Figure parts={percentOf(answerRate)} />}
      </Total>
      <Total
        word={figureWords.hotLeads}
        icon={<LeadIcon lead="hot" />}
        below={`${formatCount(leads.unscored)} unscored`}
      >
        <Ticker text={formatCount(leads.hot)} />
      </Total>
      <Total word={figureWords.warmLeads} icon={<LeadIcon lead="warm" />} below={`${formatCount(leads.cold)} cold`}>
        <Ticker text={formatCount(leads.warm)} />
      </Total>
    </dl>
  );
}

interface TotalProps {
  readonly word: Word;
  /** The explanation, where it is more than the meaning. */
  readonly text?: ReactNode;
  readonly icon?: ReactNode;
  readonly below: string;
  readonly children: ReactNode;
}

function Total({ word, text = word.meaning, icon, below, children }: TotalProps) {
  return (
    <Explained
      text={text}
      className="bg-surface px-4 py-3 whitespace-nowrap max-sm:px-2.5 max-sm:py-2.5 shadow-[0_0_0_1px_var(--line)]"
    >
      <dt className="flex items-center gap-1 text-12 text-ink-2">
        {icon}
        <Term>{word.label}</Term>
      </dt>
      <dd className="mt-0.5 text-20 font-semibold tracking-tight">{children}</dd>
      <dd className="text-12 text-ink-2">{below}</dd>
    </Explained>
  );
}
