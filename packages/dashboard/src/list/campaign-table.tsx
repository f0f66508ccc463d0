import type { CampaignSummary } from '@ringside/protocol';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useState } from 'react';
import { figureWords, leadWords, rateWords } from '../definitions.ts';
import type { Moment } from '../readers.ts';
import { classes } from '../ui/classes.ts';
import { Explained, Term } from '../ui/explained.tsx';
import { Hint } from '../ui/hint.tsx';
import { CampaignRow } from './campaign-row.tsx';
import { orderOf, type Sort, type SortKey } from './list-order.ts';
import { useFrozenOrder } from './use-frozen-order.ts';

export interface CampaignListProps {
  readonly campaigns: readonly CampaignSummary[];
  readonly isUnregistered: (id: string) => boolean;
  readonly now: Moment;
}

interface Column {
  readonly label: string;
  readonly meaning: string;
  readonly sort?: SortKey;
  readonly className: string;
}

const columns: readonly Column[] = [
  {
    label: 'Status',
    meaning: 'Where the campaign stands. In this order: what needs you, what runs, what is over.',
    sort: 'activity',
    className: 'w-32 pl-4 max-lg:w-30',
  },
  { label: 'Campaign', meaning: 'Its name, and its id where that is another.', sort: 'name', className: '' },
  { label: 'Progress', meaning: rateWords.processed.meaning, sort: 'progress', className: 'w-52 max-lg:w-36' },
  {
    label: 'Reached',
    meaning: figureWords.reached.meaning,
    sort: 'reached',
    className: 'w-32 text-right max-lg:hidden',
  },
  { label: 'Answered', meaning: rateWords.answer.meaning, sort: 'answer', className: 'w-24 text-right max-lg:w-22' },
  { label: 'Hot', meaning: leadWords.hot.meaning, sort: 'hot', className: 'w-18 text-right max-lg:w-16' },
  { label: 'Warm', meaning: leadWords.warm.meaning, className: 'w-18 text-right max-lg:hidden' },
  {
    label: 'Live',
    meaning: `${figureWords.activeCalls.meaning} ${figureWords.lines.meaning}`,
    sort: 'live',
    className: 'w-22 pr-4 text-right',
  },
  { label: 'Now', meaning: 'What holds the campaign up, or else how it goes.', className: 'w-76 pr-4 max-xl:hidden' },
];

/** A row a campaign. Rows change their places only while the pointer is elsewhere. */
export function CampaignTable({ campaigns, isUnregistered, now }: CampaignListProps) {
  const [sort, setSort] = useState<Sort>({ key: 'activity', descending: true });
  const [frozen, setFrozen] = useState(false);
  const order = useFrozenOrder(orderOf(campaigns, sort, now), frozen);
  const byId = new Map(campaigns.map((campaign) => [campaign.campaignId, campaign]));
  return (
    <div className="rounded-panel border border-line bg-surface">
      <table className="w-full table-fixed border-separate border-spacing-0">
        <caption className="sr-only">Campaigns, live</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Heading key={column.label} column={column} sort={sort} setSort={setSort} />
            ))}
          </tr>
        </thead>
        <tbody
          onPointerEnter={(event) => event.pointerType === 'mouse' && setFrozen(true)}
          onPointerLeave={() => setFrozen(false)}
        >
          {order.map((id) => {
            const campaign = byId.get(id);
            return campaign && <CampaignRow key={id} campaign={campaign} unregistered={isUnregistered(id)} now={now} />;
          })}
        </tbody>
      </table>
    </div>
  );
}

interface HeadingProps {
  readonly column: Column;
  readonly sort: Sort;
  readonly setSort: (sort: Sort) => void;
}

function Heading({ column: { label, meaning, sort: key, className }, sort, setSort }: HeadingProps) {
  const isActive = key !== undefined && sort.key === key;
  const Arrow = sort.descending ? ArrowDown : ArrowUp;
  const cell = classes(
    'sticky top-0 z-10 h-9 rounded-t-panel border-b border-line bg-surface px-2 text-left text-12 font-normal text-ink-2',
    className,
  );
  if (key === undefined) {
    return (
      <th scope="col" className={cell}>
        <Hint bare text={meaning}>
          {label}
        </Hint>
      </th>
    );
  }
  return (
    <th scope="col" aria-sort={isActive ? (sort.descending ? 'descending' : 'ascending') : 'none'} className={cell}>
      <Explained as="span" text={meaning}>
        <Term
          press={() => setSort({ key, descending: isActive ? !sort.descending : key !== 'name' })}
          className={classes('inline-flex items-center gap-0.5 hover:text-ink', isActive && 'font-medium text-ink')}
        >
          {label}
          {isActive && <Arrow aria-hidden="true" className="size-3" />}
        </Term>
      </Explained>
    </th>
  );
}
