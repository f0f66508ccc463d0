import type { Campaign, TimelineItem } from '@ringside/protocol';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useClient } from '../client-context.ts';
import { formatMinute } from '../format.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { Skeleton } from '../ui/panel.tsx';
import { useServerTime } from '../ui/use-now.ts';
import { historyLine } from './history-words.ts';

interface HistoryDialogProps {
  readonly campaign: Campaign;
  readonly onClose: () => void;
}

/** Oldest first; the first page is the newest. */
interface Page {
  readonly items: readonly TimelineItem[];
  readonly nextCursor: string | null;
}

/** What happened to a campaign, newest first: who, why and when. */
export function HistoryDialog({ campaign, onClose }: HistoryDialogProps) {
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useTimeline(campaign.id);
  const items = data?.pages.flatMap((page) => page.items.toReversed());
  return (
    <Dialog title={`History of “${campaign.name}”`} onClose={onClose}>
      <Failure error={error} />
      {!items && !error && <Skeleton className="h-40" />}
      {items && (
        <ol className="divide-y divide-line" data-first tabIndex={-1}>
          {items.map((item) => (
            <HistoryRow key={`${item.at}${item.kind}${item.actor}`} item={item} />
          ))}
        </ol>
      )}
      {hasNextPage && (
        <p className="mt-3 text-center">
          <Button small onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>
            Show older ones
          </Button>
        </p>
      )}
    </Dialog>
  );
}

function useTimeline(campaignId: string) {
  const client = useClient();
  const path = `/v1/campaigns/${encodeURIComponent(campaignId)}/timeline`;
  return useInfiniteQuery({
    queryKey: ['timeline', campaignId],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      client.request<Page>(pageParam === null ? path : `${path}?cursor=${encodeURIComponent(pageParam)}`),
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
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
