import { Clock, Pause, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { classes } from './classes.ts';

const tones = {
  alarm: { box: 'border-alarm-fill bg-alarm-wash', ink: 'text-alarm', icon: TriangleAlert },
  waiting: { box: 'border-waiting-fill bg-waiting-wash', ink: 'text-waiting', icon: Clock },
  paused: { box: 'border-waiting-fill bg-waiting-wash', ink: 'text-waiting', icon: Pause },
} as const;

export type StripTone = keyof typeof tones;

interface StripProps {
  readonly tone: StripTone;
  readonly title: string;
  /** What helps, at the right, or on phones below. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** One line about what holds something up, and what helps. */
export function Strip({ tone, title, actions, children }: StripProps) {
  const { box, ink, icon: Icon } = tones[tone];
  return (
    <div
      className={classes('flex gap-x-4 gap-y-2 rounded-panel border px-4 py-2 max-sm:flex-col sm:items-center', box)}
    >
      <div className="flex min-w-0 flex-1 items-start gap-2.5 py-1">
        <Icon aria-hidden="true" className={classes('mt-0.5 size-4 shrink-0', ink)} />
        <p className="min-w-0 break-words">
          <b className={classes('font-medium', ink)}>{title}</b> {children}
        </p>
      </div>
      {actions && <div className="flex shrink-0 flex-wrap gap-2 max-sm:pl-6.5">{actions}</div>}
    </div>
  );
}

/** A way to where something can be mended, as a button looks. */
export function StripLink({ href, children }: { readonly href: string; readonly children: string }) {
  const shape =
    'inline-flex h-8 items-center rounded-md border border-line-strong bg-surface px-2.5 whitespace-nowrap hover:bg-raised max-sm:h-9';
  // Within the page the browser itself goes there.
  if (href.startsWith('#'))
    return (
      <a href={href} className={shape}>
        {children}
      </a>
    );
  return (
    <Link href={href} className={shape}>
      {children}
    </Link>
  );
}
