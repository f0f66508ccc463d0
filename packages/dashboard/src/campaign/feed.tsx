import type { Outcome, RecentCall } from '@ringside/protocol';
import { ArrowUp } from 'lucide-react';
import { memo, useRef, useState } from 'react';
import { feedWords, outcomeWords, type Word } from '../definitions.ts';
import { formatClock, formatCount, formatTalk } from '../format.ts';
import { MaskedMark } from '../session/masked-mark.tsx';
import { classes } from '../ui/classes.ts';
import { Hint } from '../ui/hint.tsx';
import { LeadMark } from '../ui/lead-mark.tsx';
import { Panel } from '../ui/panel.tsx';
import { emptyFeed, nextFeed } from './feed-state.ts';
import { OutcomeGlyph } from './outcome-glyph.tsx';

interface FeedProps {
  readonly calls: readonly RecentCall[];
  /** No further calls are expected. */
  readonly still: boolean;
}

/** The calls as they end. New ones enter only while the feed is at its top and nobody points at it. */
export function Feed({ calls, still }: FeedProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [atTop, setAtTop] = useState(true);
  const [pointed, setPointed] = useState(false);
  const [forced, setForced] = useState(0);
  const [seen, setSeen] = useState({ calls, following: true, forced, feed: nextFeed(emptyFeed, calls, true) });
  const following = atTop && !pointed;
  if (seen.calls !== calls || seen.following !== following || seen.forced !== forced) {
    const feed = nextFeed(seen.feed, calls, following || seen.forced !== forced);
    setSeen({ calls, following, forced, feed });
  }
  const { shown, waiting, entered } = seen.feed;

  function showNew(): void {
    scroller.current?.scrollTo({ top: 0 });
    setForced(forced + 1);
  }

  return (
    <Panel
      title="Calls as they end"
      aside={
        <span className="flex items-center gap-3">
          <MaskedMark />
          <FeedNote count={shown.length} following={following} still={still} />
        </span>
      }
      className="relative h-[520px]"
    >
      <section
        ref={scroller}
        aria-label="Calls as they end, newest first"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={(event) => setAtTop(event.currentTarget.scrollTop < 4)}
        onPointerEnter={(event) => event.pointerType === 'mouse' && setPointed(true)}
        onPointerLeave={() => setPointed(false)}
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain rounded-b-panel border-t border-line"
      >
        {shown.length === 0 ? (
          <p className="grid h-full place-items-center text-ink-2">No call has ended yet.</p>
        ) : (
          <table className="w-full table-fixed border-separate border-spacing-0">
            <FeedHead />
            <tbody>
              {shown.map((call) => (
                <CallRow key={call.callUUID} call={call} isNew={entered.has(call.callUUID)} />
              ))}
            </tbody>
          </table>
        )}
      </section>
      {waiting > 0 && (
        <button
          type="button"
          onClick={showNew}
          className="absolute top-22 left-1/2 inline-flex h-8 -translate-x-1/2 items-center gap-1.5 rounded-full bg-overlay px-3 text-12 font-medium text-on-overlay shadow-lg"
        >
          <ArrowUp aria-hidden="true" className="size-3.5" />
          {formatCount(waiting)} new
        </button>
      )}
    </Panel>
  );
}

function FeedNote({
  count,
  following,
  still,
}: {
  readonly count: number;
  readonly following: boolean;
  readonly still: boolean;
}) {
  const word = still ? 'none expected now' : following ? 'following' : 'held while you read';
  if (count === 0) return null;
  return (
    <Hint bare text="The calls that ended last, a hundred at most." className="text-12 whitespace-nowrap text-ink-2">
      newest {formatCount(count)}
      <span className="max-sm:sr-only"> · {word}</span>
    </Hint>
  );
}

const head = 'sticky top-0 z-[1] h-8 border-b border-line bg-surface px-2 text-left text-12 font-normal text-ink-2';

const columns: readonly (readonly [word: Word, className: string])[] = [
  [feedWords.endTime, 'w-24 pl-4 max-sm:w-20'],
  [feedWords.number, 'w-36 max-sm:hidden'],
  [feedWords.outcome, 'sm:w-32'],
  [feedWords.duration, 'w-16 text-right max-sm:w-12'],
  [feedWords.lead, 'w-22 pl-4 max-sm:w-18 max-sm:pl-2'],
  [feedWords.hangupCause, 'pr-4 max-md:hidden'],
];

function FeedHead() {
  return (
    <thead>
      <tr>
        {columns.map(([{ label, meaning }, className]) => (
          <th key={label} scope="col" className={classes(head, className)}>
            <Hint text={meaning}>{label}</Hint>
          </th>
        ))}
      </tr>
    </thead>
  );
}

const cell = 'h-9 border-b border-line px-2 truncate max-sm:h-13';

const CallRow = memo(function CallRow({ call, isNew }: { readonly call: RecentCall; readonly isNew: boolean }) {
  const { number, status, duration, endTime, leadStatus, hangupCause } = call;
  return (
    <tr className={classes('hover:bg-raised', isNew && 'animate-enter')}>
      <td className={classes(cell, 'pl-4 text-ink-2 max-sm:text-12')}>{formatClock(endTime)}</td>
      <td className={classes(cell, 'max-sm:hidden')}>{number ?? '–'}</td>
      <td className={cell}>
        <OutcomeMark outcome={status} />
        <span className="block text-12 text-ink-2 sm:hidden">{number ?? '–'}</span>
      </td>
      <td className={classes(cell, 'text-right', !duration && 'text-ink-3')}>
        {duration ? formatTalk(duration) : '–'}
      </td>
      <td className={classes(cell, 'pl-4 max-sm:pl-2')}>
        <LeadMark lead={leadStatus} />
      </td>
      <td className={classes(cell, 'pr-4 text-12 text-ink-2 max-md:hidden')} title={hangupCause ?? undefined}>
        {hangupCause ?? '–'}
      </td>
    </tr>
  );
});

function OutcomeMark({ outcome }: { readonly outcome: Outcome }) {
  return (
    <span className={classes('inline-flex items-center gap-1.5', outcome !== 'completed' && 'text-ink-2')}>
      <OutcomeGlyph outcome={outcome} />
      {outcomeWords[outcome].label}
    </span>
  );
}
