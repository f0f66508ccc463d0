import type { Campaign, TimelineItem } from '@ringside/protocol';
import { useQuery } from '@tanstack/react-query';
import { useClient } from '../client-context.ts';
import { formatMinute } from '../format.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { Skeleton } from '../ui/panel.tsx';
import { useServerTime } from '../ui/use-now.ts';
import { historyLine } from './history-words.ts';

interface HistoryDialogProps {
  readonly campaign: Campaign;
  readonly onClose: () => void;
}

/** What happened to a campaign, newest first: who, why and when. */
export function HistoryDialog({ campaign, onClose }: HistoryDialogProps) {
  const client = useClient();
  const { data, error } = useQuery({
    queryKey: ['timeline', campaign.id],
    queryFn: () =>
      client.request<{ items: TimelineItem[] }>(`/v1/campaigns/${encodeURIComponent(campaign.id)}/timeline`),
  });
  return (
    <Dialog title={`History of “${campaign.name}”`} onClose={onClose}>
      <Failure error={error} />
      {!data && !error && <Skeleton className="h-40" />}
      {data && (
        <ol className="divide-y divide-line" data-first tabIndex={-1}>
          {data.items.toReversed().map((item) => (
            <HistoryRow key={`${item.at}${item.kind}${item.actor}`} item={item} />
          ))}
        </ol>
      )}
    </Dialog>
  );
}

function HistoryRow({ item }: { readonly item: TimelineItem }) {
  const now = useServerTime();
  const { what, why } = historyLine(item, now);
  return (
    <li className="flex gap-4 py-2">
      <time dateTime={item.at} className="w-24 shrink-0 text-12 leading-5 text-ink-2 tabular-nums">
        {formatMinute(item.at, now)}
      </time>
      <div className="min-w-0 flex-1">
        <p className="break-words">
          <span className="font-medium">{what}</span>
          {item.actor !== null && <span className="text-ink-2"> by {item.actor}</span>}
        </p>
        {why !== '' && <p className="text-ink-2 break-words">{why}</p>}
      </div>
    </li>
  );
}
