import type { Rate, Report } from '@ringside/protocol';
import { figureWords, leadWords, rateWords, reasons } from '../definitions.ts';
import { formatCount, percentOf } from '../format.ts';
import { classes } from '../ui/classes.ts';
import { RateDefinition, ShareLine, shareOf } from '../ui/definition.tsx';
import { Explained, Term } from '../ui/explained.tsx';
import { Figure } from '../ui/figure.tsx';
import { Unknown } from '../ui/hint.tsx';
import { LeadIcon } from '../ui/lead-mark.tsx';
import { Panel } from '../ui/panel.tsx';
import { Ticker } from '../ui/ticker.tsx';

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
  const { value } = conversion;
  const ended = Object.values(leads).reduce((sum, count) => sum + count, 0);
  const filled = shown.filter((lead) => leads[lead] > 0);
  return (
    <Panel
      title="Leads"
      aside={
        <Explained
          as="span"
          text={<RateDefinition word={rateWords.leadConversion} rate={conversion} />}
          className="text-12 text-ink-2"
        >
          <Term>{rateWords.leadConversion.label}</Term>{' '}
          {value === null ? (
            <Unknown why={reasons.noCompleted} />
          ) : (
            <Figure parts={percentOf(value)} className="text-14 font-medium text-ink" />
          )}
        </Explained>
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
            <Explained
              as="li"
              key={lead}
              text={
                <>
                  {leadWords[lead].meaning}
                  <ShareLine rate={shareOf(leads[lead], ended)} counts={lead} of={figureWords.ended.label} />
                </>
              }
            >
              <p className="flex items-center gap-1 text-12 whitespace-nowrap text-ink-2">
                {lead === 'unscored' ? (
                  <span aria-hidden="true" className={classes('size-2.5 shrink-0 rounded-[2px]', fills.unscored)} />
                ) : (
                  <LeadIcon lead={lead} className="size-3" />
                )}
                <Term>{leadWords[lead].label}</Term>
              </p>
              <p className="text-20 font-semibold tracking-tight">
                <Ticker text={formatCount(leads[lead])} />
              </p>
            </Explained>
          ))}
        </ul>
      </div>
    </Panel>
  );
}
