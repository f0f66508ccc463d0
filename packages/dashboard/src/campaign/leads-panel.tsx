import type { Rate, Report } from '@ringside/protocol';
import { formatCount, percentOf } from '../format.ts';
import { classes } from '../ui/classes.ts';
import { Figure } from '../ui/figure.tsx';
import { Hint, Unknown } from '../ui/hint.tsx';
import { LeadIcon } from '../ui/lead-mark.tsx';
import { Panel } from '../ui/panel.tsx';
import { Ticker } from '../ui/ticker.tsx';
import { leadWords, reasons } from '../words.ts';

const fills = {
  hot: 'bg-hot-fill',
  warm: 'bg-warm-fill',
  cold: 'bg-cold-fill',
  unscored: 'bg-unreached-fill pattern-hatch',
} as const;
const shown = Object.keys(fills) as (keyof typeof fills)[];

interface LeadsPanelProps {
  readonly leads: Report['leads'];
  readonly conversion: Rate;
}

/** How warm the answered calls are. */
export function LeadsPanel({ leads, conversion }: LeadsPanelProps) {
  const { value, numerator, denominator } = conversion;
  const filled = shown.filter((lead) => leads[lead] > 0);
  return (
    <Panel
      title="Leads"
      aside={
        <span className="text-12 text-ink-2">
          <Hint
            text={`Completed calls whose lead is hot or warm: ${formatCount(numerator)} of ${formatCount(denominator)}.`}
          >
            convert
          </Hint>{' '}
          {value === null ? (
            <Unknown why={reasons.noCompleted} />
          ) : (
            <Figure parts={percentOf(value)} className="text-14 font-medium text-ink" />
          )}
        </span>
      }
    >
      <div className="px-4 pb-4">
        <div
          aria-hidden="true"
          className={classes('flex h-3 gap-px overflow-hidden rounded-[4px]', filled.length === 0 && 'bg-rest-fill')}
        >
          {filled.map((lead) => (
            <span
              key={lead}
              className={classes('transition-[flex-grow] duration-200', 'min-w-[3px]', fills[lead])}
              style={{ flexGrow: leads[lead], flexBasis: 0 }}
            />
          ))}
        </div>
        <ul className="mt-3 grid grid-cols-4 gap-2">
          {shown.map((lead) => (
            <li key={lead}>
              <p className="flex items-center gap-1 text-12 whitespace-nowrap text-ink-2">
                {lead === 'unscored' ? (
                  <span aria-hidden="true" className={classes('size-2.5 shrink-0 rounded-[2px]', fills.unscored)} />
                ) : (
                  <LeadIcon lead={lead} className="size-3" />
                )}
                <Hint text={leadWords[lead].meaning}>{leadWords[lead].label}</Hint>
              </p>
              <p className="text-20 font-semibold tracking-tight">
                <Ticker text={formatCount(leads[lead])} />
              </p>
            </li>
          ))}
        </ul>
      </div>
    </Panel>
  );
}
