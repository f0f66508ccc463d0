import type { IntakeStatus } from '@ringside/client';
import { formatClock } from '../format.ts';
import { gravityOf } from '../shell/refusal.ts';
import { classes } from '../ui/classes.ts';

/** Whether callbacks arrive, in one line that changes by itself. */
export function IntakeState({ intake }: { readonly intake: IntakeStatus | undefined }) {
  const { dot, text } = stateOf(intake);
  return (
    <p role="status" className="flex min-w-0 items-start gap-2">
      <span aria-hidden="true" className={classes('mt-1.5 size-2 shrink-0 rounded-full', dot)} />
      <span className="min-w-0 break-words">{text}</span>
    </p>
  );
}

function stateOf(intake: IntakeStatus | undefined): { readonly dot: string; readonly text: string } {
  if (intake?.lastRefusal && gravityOf(intake, Date.now()) !== 'none') {
    const { at, reason } = intake.lastRefusal;
    return { dot: 'bg-alarm-fill', text: `Callback refused at ${formatClock(at)}. ${reason}` };
  }
  if (intake?.lastCallbackAt) {
    const time = formatClock(intake.lastCallbackAt);
    const text = `Callbacks reach this server, last at ${time}, but none names a campaign here. Check campId in the URLs.`;
    return { dot: 'bg-waiting-fill', text };
  }
  return { dot: 'animate-skeleton bg-progress-fill', text: 'Waiting for the first call' };
}
