import type { Blocker, Report } from '@ringside/protocol';
import { Clock, TriangleAlert } from 'lucide-react';
import { formatClock, formatMinute } from '../format.ts';
import { classes } from '../ui/classes.ts';
import { isUrgent } from '../words.ts';

/** What holds the campaign up: what somebody must do something about, and what ends by itself. */
export function NeedsYou({ report: { blockers, timeline } }: { readonly report: Report }) {
  // A pause is no trouble: the header tells of it.
  const shown = blockers.filter(({ code }) => code !== 'paused');
  if (shown.length === 0) return null;
  return (
    <ul aria-label="What holds the campaign up" className="flex flex-col gap-2 max-sm:-order-1">
      {shown.map((blocker) => (
        <BlockerStrip key={blocker.code} blocker={blocker} message={messageOf(blocker, timeline.lastUpdateTime)} />
      ))}
    </ul>
  );
}

function BlockerStrip({ blocker, message }: { readonly blocker: Blocker; readonly message: string }) {
  const urgent = isUrgent(blocker);
  const Icon = urgent ? TriangleAlert : Clock;
  return (
    <li
      className={classes(
        'flex items-start gap-2.5 rounded-panel border px-4 py-2.5',
        urgent ? 'border-alarm-fill bg-alarm-wash' : 'border-waiting-fill bg-waiting-wash',
      )}
    >
      <Icon aria-hidden="true" className={classes('mt-0.5 size-4 shrink-0', urgent ? 'text-alarm' : 'text-waiting')} />
      <p>
        <b className={classes('font-medium', urgent ? 'text-alarm' : 'text-waiting')}>
          {urgent ? 'Needs you:' : 'Waiting:'}
        </b>{' '}
        {message}
        {blocker.until !== null && (
          <span className="text-ink-2"> Until {formatMinute(new Date(blocker.until), new Date())}.</span>
        )}
      </p>
    </li>
  );
}

/** The server’s words, but for a silence: that is told in the reader’s own time, with what to do about it. */
function messageOf({ code, message }: Blocker, last: string | null): string {
  if (code !== 'no-events') return message;
  const since = last === null ? '' : ` since ${formatClock(new Date(last))}`;
  return `Nothing was heard of any call${since}, and the campaign is not over. Check that the dialer runs and that its callbacks arrive.`;
}
