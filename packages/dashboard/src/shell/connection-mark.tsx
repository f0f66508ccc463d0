import { useConnectionStatus } from '@ringside/client/react';
import { useClient } from '../client-context.ts';
import { formatClock } from '../format.ts';
import { classes } from '../ui/classes.ts';
import { Hint } from '../ui/hint.tsx';

const words = {
  idle: { word: 'connecting', dot: 'border border-ink-3', meaning: 'The connection to Ringside is being made.' },
  connecting: { word: 'connecting', dot: 'border border-ink-3', meaning: 'The connection to Ringside is being made.' },
  live: { word: 'live', dot: 'bg-progress-fill', meaning: 'Changes are pushed to this page as they happen.' },
  polling: {
    word: 'polling',
    dot: 'border-2 border-progress-fill',
    meaning: 'Pushing does not get through the network here, so this page asks again every few seconds.',
  },
  reconnecting: {
    word: 'reconnecting',
    dot: 'border-2 border-waiting-fill',
    meaning: 'The connection was lost a moment ago and is being made again. What is shown may miss the last seconds.',
  },
  stale: {
    word: 'stale',
    dot: 'bg-alarm-fill',
    meaning: 'Nothing was heard for two heartbeats. What is shown is old; this page keeps trying.',
  },
  refused: { word: 'signed out', dot: 'bg-alarm-fill', meaning: 'The session is over.' },
} as const;

/** How fresh the page is, and since when it is not. */
export function ConnectionMark() {
  const { state, heardAt } = useConnectionStatus(useClient());
  const { word, dot, meaning } = words[state];
  const isOld = state === 'stale' || state === 'reconnecting';
  return (
    <span
      role="status"
      className="inline-flex h-7 items-center rounded-full border border-line bg-surface px-2.5 text-12 tabular-nums"
    >
      <Hint bare text={meaning}>
        <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
          <span aria-hidden="true" className={classes('size-2 rounded-full', dot)} />
          {word}
          {isOld && heardAt !== null && <span className="text-ink-2">as of {formatClock(heardAt)}</span>}
        </span>
      </Hint>
    </span>
  );
}

/** True while what is shown is older than its heartbeat. */
export function useIsStale(): boolean {
  return useConnectionStatus(useClient()).state === 'stale';
}
