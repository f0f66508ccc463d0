import type { ShareLink } from '@ringside/protocol';
import { useMutation } from '@tanstack/react-query';
import { formatAgo, formatMinute } from '../format.ts';
import { readInstant } from '../readers.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { Skeleton } from '../ui/panel.tsx';
import { useNow } from '../ui/use-now.ts';

interface LinkListProps {
  /** `null` while they are being read. */
  readonly links: readonly ShareLink[] | null;
  readonly end: (id: string) => Promise<unknown>;
}

/** The links that still open something, newest first. */
export function LinkList({ links, end }: LinkListProps) {
  const now = useNow(60_000);
  const open = links?.filter((link) => link.revokedAt === null && readInstant(link.expiresAt) > now);
  return (
    <section aria-label="Links" className="mt-5 border-t border-line pt-4">
      <h3 className="font-medium">Links that work now</h3>
      {!open && <Skeleton className="mt-2 h-12" />}
      {open?.length === 0 && <p className="mt-1 text-ink-2">None yet.</p>}
      <ul className="divide-y divide-line">
        {open?.map((link) => (
          <LinkRow key={link.id} link={link} now={now} end={() => end(link.id)} />
        ))}
      </ul>
    </section>
  );
}

interface LinkRowProps {
  readonly link: ShareLink;
  readonly now: number;
  readonly end: () => Promise<unknown>;
}

/** Ending a link is not asked about: another is made in a moment. */
function LinkRow({ link, now, end }: LinkRowProps) {
  const { mutate, isPending, error } = useMutation({ mutationFn: end });
  const used =
    link.lastUsedAt === null ? 'never opened' : `last opened ${formatAgo(now - readInstant(link.lastUsedAt))}`;
  return (
    <li className="py-2">
      <div className="flex items-center justify-between gap-3">
        <div className="min-w-0">
          <p className="truncate">{link.name}</p>
          <p className="text-12 text-ink-2">
            {used} · ends {formatMinute(link.expiresAt, now)}
          </p>
        </div>
        <Button kind="grave" small disabled={isPending} onClick={() => mutate()}>
          End<span className="sr-only"> the link {link.name}</span>
        </Button>
      </div>
      <Failure error={error} />
    </li>
  );
}
