import type { CampaignSummary } from '@ringside/protocol';
import { figureWords, leadWords, rateWords, reasons } from '../definitions.ts';
import { formatCount } from '../format.ts';
import type { Moment } from '../readers.ts';
import { classes } from '../ui/classes.ts';
import { Hint } from '../ui/hint.tsx';
import { LeadIcon } from '../ui/lead-mark.tsx';
import { LedgerBar } from '../ui/ledger-bar.tsx';
import { PhaseMark } from '../ui/phase-mark.tsx';
import { Ticker } from '../ui/ticker.tsx';
import { needsYou, standing } from '../words.ts';
import { CampaignLink } from './campaign-link.tsx';
import { LiveCount, processedOf, RowShare } from './campaign-row.tsx';
import type { CampaignListProps } from './campaign-table.tsx';
import { orderOf } from './list-order.ts';
import { UnregisteredTag } from './unregistered-tag.tsx';
import { useFrozenOrder } from './use-frozen-order.ts';

/** The list on a phone. */
export function CampaignCards({ campaigns, isUnregistered, now }: CampaignListProps) {
  const order = useFrozenOrder(orderOf(campaigns, { key: 'activity', descending: true }, now), false);
  const byId = new Map(campaigns.map((campaign) => [campaign.campaignId, campaign]));
  return (
    <ul className="divide-y divide-line rounded-panel border border-line bg-surface">
      {order.map((id) => {
        const campaign = byId.get(id);
        return campaign && <CampaignCard key={id} campaign={campaign} unregistered={isUnregistered(id)} now={now} />;
      })}
    </ul>
  );
}

interface CampaignCardProps {
  readonly campaign: CampaignSummary;
  readonly unregistered: boolean;
  readonly now: Moment;
}

function CampaignCard({ campaign, unregistered, now }: CampaignCardProps) {
  const { campaignId, campaignName, phase, progress, callMetrics, leads } = campaign;
  const note = standing(campaign, now);
  return (
    <li className="relative px-4 py-3">
      <div className="flex items-baseline justify-between gap-3">
        <span className="min-w-0 truncate">
          <CampaignLink id={campaignId} name={campaignName} className="after:absolute after:inset-0" />
          {unregistered && <UnregisteredTag />}
        </span>
        <PhaseMark phase={phase} className="text-12" />
      </div>
      <div className="mt-2 flex items-center gap-2.5">
        <LedgerBar ledger={progress.ledger} className="h-2 flex-1 rounded-full" />
        <span className="w-13 text-right">
          <RowShare word={rateWords.processed} share={processedOf(campaign)} unknown={reasons.noTotal} />
        </span>
      </div>
      <p className="mt-1.5 grid grid-cols-[1.3fr_1fr] gap-x-4 gap-y-0.5 text-12 text-ink-2">
        <span>
          <b className="font-medium text-ink">{formatCount(progress.completedCalls)}</b> of{' '}
          {formatCount(progress.totalCalls)} <CardTerm text={figureWords.reached.meaning}>reached</CardTerm>
        </span>
        {callMetrics.answerRate !== null && (
          <span>
            <span className="text-ink">
              <RowShare word={rateWords.answer} share={callMetrics.rates.answer} unknown={reasons.noEnded} />
            </span>{' '}
            answered
          </span>
        )}
        <span className="inline-flex items-center gap-1">
          <LeadIcon lead="hot" className="size-3" />
          <b className="font-medium text-ink">
            <Ticker text={formatCount(leads.hot)} />
          </b>{' '}
          <CardTerm text={leadWords.hot.meaning}>hot</CardTerm>
        </span>
        <span>
          <LiveCount campaign={campaign} /> <CardTerm text={figureWords.activeCalls.meaning}>live</CardTerm>
        </span>
      </p>
      {note && (
        <p className={classes('mt-1 text-12', needsYou(campaign, now) ? 'font-medium text-alarm' : 'text-ink-2')}>
          {note}
        </p>
      )}
    </li>
  );
}

/** The name of a figure, above the link that covers the card. */
function CardTerm({ text, children }: { readonly text: string; readonly children: string }) {
  return (
    <span className="relative z-[1]">
      <Hint text={text}>{children}</Hint>
    </span>
  );
}
