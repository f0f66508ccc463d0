import type { IntakeStatus } from '@ringside/client';
import { ChevronDown, ShieldAlert } from 'lucide-react';
import { useState } from 'react';
import { counted, formatClock } from '../format.ts';
import { classes } from '../ui/classes.ts';
import { useNow } from '../ui/use-now.ts';
import { gravityOf } from './refusal.ts';
import { useIntake } from './use-intake.ts';

/** When Plivo’s callbacks are refused: what was compared, and what to do. Open by itself when none gets through. */
export function RefusalPanel() {
  const { intake } = useIntake();
  const now = useNow(5_000);
  const [toggled, setToggled] = useState<boolean | null>(null);
  if (!intake?.lastRefusal) return null;
  const gravity = gravityOf(intake, now);
  if (gravity === 'none') return null;
  const open = toggled ?? gravity === 'all';
  const isAll = gravity === 'all';
  return (
    <section
      aria-label="Refused callbacks"
      className={classes(
        'mb-4 rounded-panel border',
        isAll ? 'border-alarm-fill bg-alarm-wash' : 'border-waiting-fill bg-waiting-wash',
      )}
    >
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setToggled(!open)}
        className="flex min-h-11 w-full items-center gap-2.5 px-4 py-2 text-left"
      >
        <ShieldAlert
          aria-hidden="true"
          className={classes('size-4.5 shrink-0', isAll ? 'text-alarm' : 'text-waiting')}
        />
        <span className="min-w-0 flex-1">
          <b className="font-medium">{isAll ? 'Plivo’s callbacks are refused.' : 'Some callbacks are refused.'}</b>{' '}
          <span className="text-ink-2">
            {counted(intake.refused, 'callback')} since the start, last at {formatClock(intake.lastRefusal.at)}.{' '}
            {isAll ? 'No campaign can move until this is mended.' : 'Others get through.'}
          </span>
        </span>
        <ChevronDown
          aria-hidden="true"
          className={classes('size-4 text-ink-2 transition-transform', open && 'rotate-180')}
        />
      </button>
      {open && <RefusalHelp refusal={intake.lastRefusal} publicUrls={intake.publicUrls} />}
    </section>
  );
}

interface RefusalHelpProps {
  readonly refusal: NonNullable<IntakeStatus['lastRefusal']>;
  readonly publicUrls: readonly string[];
}

function RefusalHelp({ refusal, publicUrls }: RefusalHelpProps) {
  const base = publicUrls.find((url) => refusal.url.startsWith(url)) ?? '';
  return (
    <div className="border-t border-line px-4 pt-3 pb-4">
      <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-[auto_1fr]">
        <dt className="text-ink-2">Ringside took the callback’s URL to be</dt>
        <dd className="font-mono text-12 leading-5 break-all">
          <mark className="rounded-[3px] bg-waiting-fill/35 px-0.5 text-ink">{base}</mark>
          {refusal.url.slice(base.length)}
        </dd>
        <dt className="text-ink-2">
          <code className="font-mono text-12">PUBLIC_URL</code> is
        </dt>
        <dd className="font-mono text-12 leading-5 break-all">{publicUrls.join(', ') || 'not set'}</dd>
        <dt className="text-ink-2">Reason</dt>
        <dd>{refusal.reason}</dd>
      </dl>
      <ol className="mt-3 list-decimal space-y-1 pl-5 text-ink-2">
        <li>
          Compare the first line with the URL that you gave to Plivo, letter by letter: https or http, the host, the
          port. Plivo signs the URL that it called.
        </li>
        <li>
          If they differ, set <code className="font-mono text-12 text-ink">PUBLIC_URL</code> to what Plivo calls and
          restart.
        </li>
        <li>
          If they are the same, the account is another one: check{' '}
          <code className="font-mono text-12 text-ink">PLIVO_AUTH_TOKEN</code>.
        </li>
      </ol>
    </div>
  );
}
