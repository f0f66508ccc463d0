import type { DoNotCallEntry } from '@ringside/protocol';
import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { FileUp, Plus } from 'lucide-react';
import { useState } from 'react';
import { useClient } from '../../client-context.ts';
import { formatMinute } from '../../format.ts';
import { MaskedMark } from '../../session/masked-mark.tsx';
import { useMay } from '../../session/session-context.ts';
import { Button } from '../../ui/button.tsx';
import { ListBox, SectionHead } from '../section.tsx';
import { AddDialog } from './add-dialog.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { UploadDialog } from './upload-dialog.tsx';

interface EntryPage {
  readonly items: readonly DoNotCallEntry[];
  readonly nextCursor: string | null;
}

const PAGE = 100;

type Doing = { readonly what: 'add' | 'upload' } | { readonly what: 'remove'; readonly entry: DoNotCallEntry };

/** Whom nobody of the workspace may call. */
export function DoNotCallPage() {
  const queries = useQueryClient();
  const [doing, setDoing] = useState<Doing | null>(null);
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useEntries();
  const mayRemove = useMay('unmask');
  const close = (): void => setDoing(null);
  const changed = (): Promise<void> => queries.invalidateQueries({ queryKey: ['do-not-call'] });
  const done = async (): Promise<void> => {
    await changed();
    close();
  };
  return (
    <>
      <SectionHead
        title="Do not call"
        action={
          <div className="flex flex-wrap gap-2">
            <Button onClick={() => setDoing({ what: 'upload' })}>
              <FileUp aria-hidden="true" className="size-4" />
              Upload a file
            </Button>
            <Button kind="primary" onClick={() => setDoing({ what: 'add' })}>
              <Plus aria-hidden="true" className="size-4" />
              Add numbers
            </Button>
          </div>
        }
      >
        Numbers that Ringside calls for no campaign of this workspace: they are skipped in uploads, and looked up again
        before each call. <MaskedMark />
      </SectionHead>
      <ListBox
        label="Do-not-call list"
        items={data?.pages.flatMap(({ items }) => items)}
        error={error}
        empty="No number is on the list."
        row={(entry) => (
          <EntryRow
            key={`${entry.number}${entry.addedAt}`}
            entry={entry}
            remove={mayRemove ? () => setDoing({ what: 'remove', entry }) : null}
          />
        )}
      />
      {hasNextPage && (
        <p className="mt-3 text-center">
          <Button onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>
            Show more
          </Button>
        </p>
      )}
      {doing?.what === 'add' && <AddDialog onDone={done} onClose={close} />}
      {doing?.what === 'upload' && <UploadDialog onAdded={changed} onClose={close} />}
      {doing?.what === 'remove' && <RemoveDialog entry={doing.entry} onDone={done} onClose={close} />}
    </>
  );
}

function useEntries() {
  const client = useClient();
  return useInfiniteQuery<EntryPage, Error, InfiniteData<EntryPage>, readonly string[], string | null>({
    queryKey: ['do-not-call'],
    queryFn: ({ pageParam }) => {
      const cursor = pageParam === null ? '' : `&cursor=${encodeURIComponent(pageParam)}`;
      return client.request<EntryPage>(`/v1/do-not-call?limit=${PAGE}${cursor}`);
    },
    initialPageParam: null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}

interface EntryRowProps {
  readonly entry: DoNotCallEntry;
  /** `null` for who sees numbers masked only. */
  readonly remove: (() => void) | null;
}

function EntryRow({ entry: { number, reason, addedAt, addedBy }, remove }: EntryRowProps) {
  return (
    <li className="grid min-h-12 items-center gap-x-4 gap-y-1 px-4 py-2 sm:grid-cols-[11rem_minmax(0,1fr)_minmax(0,1fr)_auto]">
      <span className="font-medium tabular-nums">{number}</span>
      <span className="min-w-0 truncate text-ink-2">{reason ?? 'no reason given'}</span>
      <span className="min-w-0 truncate text-12 text-ink-2">
        {formatMinute(addedAt, new Date())} by {addedBy}
      </span>
      {remove && (
        <Button small kind="grave" onClick={remove} className="justify-self-start max-sm:-ml-2.5">
          Remove<span className="sr-only"> {number}</span>
        </Button>
      )}
    </li>
  );
}
