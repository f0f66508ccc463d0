import { counted, formatAgo, formatCount } from '../format.ts';
import { readInstant } from '../readers.ts';
import { classes } from '../ui/classes.ts';
import { Hint } from '../ui/hint.tsx';
import { useNow } from '../ui/use-now.ts';
import { useIntake } from './use-intake.ts';

const LOST_CALLS = 'Until the provider can be asked how they ended, such calls stay live, and none is marked lost.';

function lostCallsWord(waiting: number): string {
  return waiting === 0 ? 'call records cannot be asked' : `${counted(waiting, 'call')} without an end`;
}

/** Whether Plivo’s callbacks arrive: one line at the foot of every page. */
export function IntakeStrip() {
  const { intake, failing } = useIntake();
  const now = useNow(1_000);
  return (
    <footer className="flex flex-wrap items-center gap-x-5 gap-y-1 border-t border-line bg-surface px-4 py-1.5 text-12 text-ink-2 tabular-nums sm:fixed sm:inset-x-0 sm:bottom-0 sm:z-20 sm:h-8 sm:py-0 sm:pr-6 sm:pl-20">
      <h2 className="sr-only">Callbacks</h2>
      {!intake && !failing && <span>callbacks …</span>}
      {failing && <span className="font-medium text-waiting">Ringside does not answer</span>}
      {intake && (
        <>
          <Hint bare text="When the last callback with a valid signature came, since the server started.">
            {intake.lastCallbackAt === null ? (
              'no callback yet'
            ) : (
              <>
                last callback{' '}
                <b className="font-medium text-ink">{formatAgo(now - readInstant(intake.lastCallbackAt))}</b>
              </>
            )}
          </Hint>
          <Hint text="Callbacks since the server started whose signature did not match, so that nothing of them was used.">
            <span className={classes(intake.refused > 0 && 'font-medium text-alarm')}>
              {formatCount(intake.refused)} refused
            </span>
          </Hint>
          <Hint text="Callbacks since the server started that were verified and counted. A repeated one changes nothing.">
            {formatCount(intake.accepted)} accepted
          </Hint>
          {intake.unassigned > 0 && (
            <Hint text="Verified callbacks that name no campaign. Put ?campId=… into the callback URLs that you give to Plivo.">
              <span className="text-waiting">{counted(intake.unassigned, 'callback')} of no campaign</span>
            </Hint>
          )}
          {intake.waiting > 0 && (
            <Hint text="Callbacks and events that came in and are not stored yet; nobody was told yet that they are.">
              {formatCount(intake.waiting)} waiting to be stored
            </Hint>
          )}
          {intake.sweep.warning !== null && (
            <Hint text={`${intake.sweep.warning} ${LOST_CALLS}`}>
              <span className="font-medium text-waiting">{lostCallsWord(intake.sweep.waiting)}</span>
            </Hint>
          )}
        </>
      )}
    </footer>
  );
}
