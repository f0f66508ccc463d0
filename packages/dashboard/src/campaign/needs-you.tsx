import type { Blocker, Campaign, Report } from '@ringside/protocol';
import type { ReactNode } from 'react';
import { blockerWord, type Help, isQuiet, isUrgent } from '../blocker-words.ts';
import { offerOf } from '../control/control-words.ts';
import type { Control, Opened } from '../control/use-control.ts';
import { formatClock, formatIn, formatMinute, inReadersTime } from '../format.ts';
import { readInstant } from '../readers.ts';
import { useMay } from '../session/session-context.ts';
import { Button } from '../ui/button.tsx';
import { Strip, StripLink } from '../ui/strip.tsx';
import { useNow, useServerTime } from '../ui/use-now.ts';

/** Where the attempts in doubt stand on the page. */
export const DOUBTFUL = 'doubtful';

interface NeedsYouProps {
  readonly report: Report;
  readonly campaign: Campaign | null;
  readonly control: Control;
}

/** Why it does not dial, the first reason first: what somebody must do something about, and what ends by itself. */
export function NeedsYou({ report, campaign, control }: NeedsYouProps) {
  const now = useServerTime();
  const shown = report.blockers.filter((blocker) => !isQuiet(blocker));
  if (shown.length === 0) return null;
  return (
    <ul aria-label="What holds the campaign up" className="flex flex-col gap-2 max-sm:-order-1">
      {shown.map((blocker) => (
        <li key={blocker.code}>
          <BlockerStrip
            blocker={blocker}
            message={messageOf(blocker, report.timeline.lastUpdateTime, now)}
            action={<HelpAction help={blockerWord(blocker.code).help} {...{ report, campaign, control }} />}
          />
        </li>
      ))}
    </ul>
  );
}

interface BlockerStripProps {
  readonly blocker: Blocker;
  readonly message: string;
  readonly action: ReactNode;
}

function BlockerStrip({ blocker, message, action }: BlockerStripProps) {
  const { code, until } = blocker;
  const urgent = isUrgent(blocker);
  const isPause = code === 'paused';
  return (
    <Strip
      tone={urgent ? 'alarm' : isPause ? 'paused' : 'waiting'}
      title={urgent ? 'Needs you:' : isPause ? '' : 'Waiting:'}
      actions={action}
    >
      {message}
      {until !== null && <Until until={until} end={blockerWord(code).end} />}
    </Strip>
  );
}

/** ` Opens at 09:00, in 3 h 10 min.` */
function Until({ until, end }: { readonly until: string; readonly end: string }) {
  const now = useNow(1_000);
  return (
    <span className="text-ink-2">
      {' '}
      {end} {formatMinute(until, now)}, {formatIn(readInstant(until) - now)}.
    </span>
  );
}

const commandLabels: Readonly<Partial<Record<Help, readonly [Opened, string]>>> = {
  resume: ['resume', 'Resume'],
  hours: ['hours', 'Calling hours'],
  contacts: ['contacts', 'Add contacts'],
  'retry-failed': ['retry-failed', 'Retry failed'],
};

interface HelpActionProps extends NeedsYouProps {
  readonly help: Help | null;
}

/** What helps, for who may do it. */
function HelpAction({ help, report, campaign, control }: HelpActionProps) {
  const mayOperate = useMay('operate');
  const isAdmin = useMay('administer');
  if (help === null) return null;
  if (help === 'accounts') return isAdmin && <StripLink href="/settings/accounts">Account settings</StripLink>;
  if (help === 'doubtful') return mayOperate && <StripLink href={`#${DOUBTFUL}`}>Look at them</StripLink>;
  const label = commandLabels[help];
  if (!label || !mayOperate || !campaign) return null;
  const { main, more } = offerOf(report.phase, campaign.dialer);
  // The page already has that button at hand, or it would be refused.
  if (help === 'resume' && main !== 'resume' && !more.includes('resume')) return null;
  if (help !== 'resume' && campaign.dialer !== 'built-in') return null;
  return (
    <Button small onClick={() => control.open(label[0])} aria-haspopup="dialog">
      {label[1]}
    </Button>
  );
}

/** The server’s words, but for a silence: that is told in the reader’s own time, with what to do about it. */
function messageOf({ code, message, until }: Blocker, last: string | null, now: Date): string {
  // Until when is told at the end, with how long that is.
  if (code !== 'no-events')
    return inReadersTime(until === null ? message : message.replace(` until ${until}`, ''), now);
  const since = last === null ? '' : ` since ${formatClock(last)}`;
  return `Nothing was heard of any call${since}, and the campaign is not over. Check that the dialer runs and that its callbacks arrive.`;
}
