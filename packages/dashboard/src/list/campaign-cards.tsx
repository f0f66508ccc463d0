import type { CampaignSummary } from '@ringside/protocol';
import { formatCount, percentOf } from '../format.ts';
import { classes } from '../ui/classes.ts';
import { Figure } from '../ui/figure.tsx';
import { LeadIcon } from '../ui/lead-mark.tsx';
import { LedgerBar } from '../ui/ledger-bar.tsx';
import { PhaseMark } from '../ui/phase-mark.tsx';
import { Ticker } from '../ui/ticker.tsx';
import { needsYou, standing } from '../words.ts';
import { CampaignLink } from './campaign-link.tsx';
import { LiveCount } from './campaign-row.tsx';
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
  readonly now: Date;
}

function CampaignCard({ campaign, unregistered, now }: CampaignCardProps) {
  const { campaignId, campaignName, phase, progress, callMetrics, leads } = campaign;
  const note = standing(campaign);
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
          {progress.processedPercentage === null ? '–' : <Figure parts={percentOf(progress.processedPercentage)} />}
        </span>
      </div>
      <p className="mt-1.5 grid grid-cols-[1.3fr_1fr] gap-x-4 gap-y-0.5 text-12 text-ink-2">
        <span>
          <b className="font-medium text-ink">{formatCount(progress.completedCalls)}</b> of{' '}
          {formatCount(progress.totalCalls)} reached
        </span>
        {callMetrics.answerRate !== null && (
          <span>
            <Figure parts={percentOf(callMetrics.answerRate)} className="text-ink" /> answered
          </span>
        )}
        <span className="inline-flex items-center gap-1">
          <LeadIcon lead="hot" className="size-3" />
          <b className="font-medium text-ink">
            <Ticker text={formatCount(leads.hot)} />
          </b>{' '}
          hot
        </span>
        <span>
          <LiveCount campaign={campaign} /> live
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
