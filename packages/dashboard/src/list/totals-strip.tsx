import type { Overview } from '@ringside/protocol';
import type { ReactNode } from 'react';
import { formatCount, percentOf } from '../format.ts';
import { Figure } from '../ui/figure.tsx';
import { Hint, Unknown } from '../ui/hint.tsx';
import { LeadIcon } from '../ui/lead-mark.tsx';
import { Ticker } from '../ui/ticker.tsx';
import { reasons } from '../words.ts';

/** The workspace in six figures. */
export function TotalsStrip({ totals }: { readonly totals: Overview['totals'] }) {
  const { answerRate, answered, ended, leads } = totals;
  return (
    <dl className="grid grid-cols-3 gap-px overflow-hidden rounded-panel border border-line bg-surface lg:grid-cols-6">
      <Total
        label="Running"
        meaning="Campaigns that dial or may dial now, of all that are listed."
        below={`of ${formatCount(totals.campaigns)}`}
      >
        <Ticker text={formatCount(totals.running)} />
      </Total>
      <Total
        label="Live calls"
        meaning="Calls placed and not yet ended."
        below={`${formatCount(totals.attempts)} placed`}
      >
        <Ticker text={formatCount(totals.activeCalls)} />
      </Total>
      <Total
        label="Reached"
        meaning="Contacts with a completed call, of all contacts of all campaigns."
        below={`of ${formatCount(totals.totalCalls)}`}
      >
        <Ticker text={formatCount(totals.completedCalls)} />
      </Total>
      <Total
        label="Answer rate"
        meaning="Answered calls of all ended calls. Calls that are still live are in neither."
        below={`${formatCount(answered)} of ${formatCount(ended)}`}
      >
        {answerRate === null ? <Unknown why={reasons.noEnded} /> : <Figure parts={percentOf(answerRate)} />}
      </Total>
      <Total
        label="Hot leads"
        icon={<LeadIcon lead="hot" />}
        meaning="Calls whose lead was judged hot."
        below={`${formatCount(leads.unscored)} unscored`}
      >
        <Ticker text={formatCount(leads.hot)} />
      </Total>
      <Total
        label="Warm leads"
        icon={<LeadIcon lead="warm" />}
        meaning="Calls whose lead was judged warm."
        below={`${formatCount(leads.cold)} cold`}
      >
        <Ticker text={formatCount(leads.warm)} />
      </Total>
    </dl>
  );
}

interface TotalProps {
  readonly label: string;
  readonly meaning: string;
  readonly icon?: ReactNode;
  readonly below: string;
  readonly children: ReactNode;
}

function Total({ label, meaning, icon, below, children }: TotalProps) {
  return (
    <div className="bg-surface px-4 py-3 whitespace-nowrap max-sm:px-2.5 max-sm:py-2.5 shadow-[0_0_0_1px_var(--line)]">
      <dt className="flex items-center gap-1 text-12 text-ink-2">
        {icon}
        <Hint text={meaning}>{label}</Hint>
      </dt>
      <dd className="mt-0.5 text-20 font-semibold tracking-tight">{children}</dd>
      <dd className="text-12 text-ink-2">{below}</dd>
    </div>
  );
}
