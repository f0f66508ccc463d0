import type { AuditEntry } from '@ringside/protocol';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useSearchParams } from 'wouter';
import { useClient } from '../../client-context.ts';
import { useSession } from '../../session/session-context.ts';
import { Button } from '../../ui/button.tsx';
import { INLINE, SelectField } from '../../ui/field.tsx';
import { ListBox, SectionHead } from '../section.tsx';
import { useKeys } from '../use-keys.ts';
import { AuditRow } from './audit-row.tsx';
import { kinds } from './audit-words.ts';

/** Who changed what, when and from where. */
export function AuditPage() {
  const [params, setParams] = useSearchParams();
  const kind = kinds.find((each) => each.kind === params.get('action'))?.kind ?? '';
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useAudit(kind);
  const nameOfActor = useActorNames();
  return (
    <>
      <SectionHead
        title="Audit log"
        action={
          <div className="flex flex-wrap items-center gap-2">
            <SelectField
              label="Show"
              className={INLINE}
              value={kind}
              onChange={({ target: { value } }) => setParams(value === '' ? {} : { action: value }, { replace: true })}
            >
              <option value="">everything</option>
              {kinds.map((each) => (
                <option key={each.kind} value={each.kind}>
                  {each.label}
                </option>
              ))}
            </SelectField>
            <a
              href="/v1/audit.csv"
              download
              className="inline-flex h-9 items-center gap-1.5 rounded-md border border-line-strong bg-surface px-3.5 hover:bg-raised max-sm:h-10"
            >
              <Download aria-hidden="true" className="size-4" />
              CSV<span className="sr-only"> of the whole log</span>
            </a>
          </div>
        }
      >
        Every change in this workspace, newest first. Nothing in it can be altered or taken out.
      </SectionHead>
      <ListBox
        label="Changes"
        items={data?.pages.flatMap(({ items }) => items)}
        error={error}
        empty={kind === '' ? 'Nothing was changed yet.' : 'Nothing of this kind was changed yet.'}
        row={(entry) => <AuditRow key={entry.id} entry={entry} who={nameOfActor(entry.actor)} />}
      />
      {hasNextPage && <More busy={isFetchingNextPage} more={() => void fetchNextPage()} />}
    </>
  );
}

/** Keys are known by id in the log; their names are known here. */
function useActorNames(): (actor: string) => string {
  const { data } = useKeys(useSession().workspace);
  const names = new Map(data?.map(({ id, name }) => [`key:${id}`, name]));
  return (actor) => names.get(actor) ?? actor;
}

interface Page {
  readonly items: readonly AuditEntry[];
  readonly nextCursor: string | null;
}

function useAudit(kind: string) {
  const client = useClient();
  return useInfiniteQuery({
    queryKey: ['audit', kind],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => {
      const query = new URLSearchParams();
      if (kind !== '') query.set('action', kind);
      if (pageParam !== null) query.set('cursor', pageParam);
      return client.request<Page>(`/v1/audit?${query}`);
    },
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}

interface MoreProps {
  readonly busy: boolean;
  readonly more: () => void;
}

/** The next page comes by itself when the end of the list comes into view; the button is for who does not scroll. */
function More({ busy, more }: MoreProps) {
  const end = useRef<HTMLDivElement>(null);
  const latest = useRef(more);
  useEffect(() => {
    latest.current = more;
  });
  useEffect(() => {
    const watcher = new IntersectionObserver(([seen]) => seen?.isIntersecting && latest.current());
    if (!busy && end.current) watcher.observe(end.current);
    return () => watcher.disconnect();
  }, [busy]);
  return (
    <div ref={end} className="mt-3 text-center">
      <Button small kind="quiet" disabled={busy} onClick={more}>
        {busy ? 'Loading older ones …' : 'Show older ones'}
      </Button>
    </div>
  );
}
