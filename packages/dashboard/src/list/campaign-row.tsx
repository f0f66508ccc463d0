import type { CampaignSummary } from '@ringside/protocol';
import { memo, type ReactNode } from 'react';
import { type RateWord, rateWords, reasons } from '../definitions.ts';
import { formatCount, percentOf } from '../format.ts';
import type { Moment } from '../readers.ts';
import { classes } from '../ui/classes.ts';
import { RateDefinition, type Share } from '../ui/definition.tsx';
import { Figure } from '../ui/figure.tsx';
import { Hint, Unknown } from '../ui/hint.tsx';
import { LeadIcon } from '../ui/lead-mark.tsx';
import { LedgerBar } from '../ui/ledger-bar.tsx';
import { PhaseMark } from '../ui/phase-mark.tsx';
import { Ticker } from '../ui/ticker.tsx';
import { needsYou, reasonsOf, rowNote } from '../words.ts';
import { CampaignLink } from './campaign-link.tsx';
import { UnregisteredTag } from './unregistered-tag.tsx';

interface CampaignRowProps {
  readonly campaign: CampaignSummary;
  readonly unregistered: boolean;
  /** To the minute, so that rows are drawn again when something changed. */
  readonly now: Moment;
}

/** A campaign in one line; the whole line leads to its page. */
export const CampaignRow = memo(function CampaignRow({ campaign, unregistered, now }: CampaignRowProps) {
  const { phase, progress, callMetrics, leads } = campaign;
  const note = rowNote(campaign, now);
  return (
    <tr className="group relative hover:bg-raised has-[a:focus-visible]:bg-raised">
      <Cell className="pl-4">
        <PhaseMark phase={phase} />
      </Cell>
      <Cell className="truncate">
        <Name campaign={campaign} unregistered={unregistered} />
      </Cell>
      <Cell>
        <div className="flex items-center gap-2.5">
          <LedgerBar ledger={progress.ledger} className="h-2 flex-1 rounded-full" />
          <span className="w-13 shrink-0 text-right">
            <RowShare word={rateWords.processed} share={processedOf(campaign)} unknown={reasons.noTotal} />
          </span>
        </div>
      </Cell>
      <Cell className="text-right whitespace-nowrap max-lg:hidden">
        <Ticker text={formatCount(progress.completedCalls)} />
        <span className="text-ink-2"> of {formatCount(progress.totalCalls)}</span>
      </Cell>
      <Cell className="text-right">
        <RowShare word={rateWords.answer} share={callMetrics.rates.answer} unknown={reasons.noEnded} />
      </Cell>
      <Cell className="text-right">
        <LeadCount lead="hot" count={leads.hot} />
      </Cell>
      <Cell className="text-right max-lg:hidden">
        <LeadCount lead="warm" count={leads.warm} />
      </Cell>
      <Cell className="pr-4 text-right whitespace-nowrap">
        <LiveCount campaign={campaign} />
      </Cell>
      <Cell
        title={reasonsOf(campaign) || note}
        className={classes(
          'truncate pr-4 text-12 max-xl:hidden',
          needsYou(campaign, now) ? 'font-medium text-alarm' : 'text-ink-2',
        )}
      >
        {note}
      </Cell>
    </tr>
  );
});

interface CellProps {
  readonly className?: string;
  readonly title?: string;
  readonly children: ReactNode;
}

function Cell({ className, title, children }: CellProps) {
  return (
    <td title={title} className={classes('h-9 border-b border-line px-2 group-last:border-b-0', className)}>
      {children}
    </td>
  );
}

function Name({ campaign, unregistered }: Pick<CampaignRowProps, 'campaign' | 'unregistered'>) {
  const { campaignId, campaignName } = campaign;
  return (
    <>
      <CampaignLink
        id={campaignId}
        name={campaignName}
        className="after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus"
      />
      {unregistered && <UnregisteredTag brief />}
      {campaignName !== campaignId && (
        <span className="ml-2 text-12 text-ink-3 normal-nums max-lg:hidden">{campaignId}</span>
      )}
    </>
  );
}

interface RowShareProps {
  readonly word: RateWord;
  readonly share: Share;
  readonly unknown: string;
}

/** It lies above the link that covers the row, so that it can say what it is made of, or why it is unknown. */
export function RowShare({ word, share, unknown }: RowShareProps) {
  return (
    <span className="relative z-[1]">
      {share.value === null ? (
        <Unknown why={unknown} />
      ) : (
        <Hint bare text={<RateDefinition word={word} rate={share} />}>
          <Figure parts={percentOf(share.value)} />
        </Hint>
      )}
    </span>
  );
}

export function processedOf({ progress }: Pick<CampaignSummary, 'progress'>): Share {
  const { ledger, processedPercentage: value, totalCalls: denominator } = progress;
  return { value, numerator: ledger.reached + ledger.unreached + ledger.excluded, denominator };
}

/** None is quiet. */
function LeadCount({ lead, count }: { readonly lead: 'hot' | 'warm'; readonly count: number }) {
  if (count === 0) return <span className="text-ink-3">0</span>;
  return (
    <span className={classes('inline-flex items-center gap-1', lead === 'hot' && 'font-medium')}>
      <LeadIcon lead={lead} className="size-3" />
      <Ticker text={formatCount(count)} />
    </span>
  );
}

export function LiveCount({ campaign: { callMetrics } }: { readonly campaign: Pick<CampaignSummary, 'callMetrics'> }) {
  const { activeCalls, concurrency } = callMetrics;
  if (activeCalls === 0) return <span className="text-ink-3">0</span>;
  return (
    <>
      <Ticker text={formatCount(activeCalls)} />
      {concurrency.limit !== null && <span className="text-ink-2"> of {formatCount(concurrency.limit)}</span>}
    </>
  );
}
