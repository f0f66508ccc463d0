import { type ReactNode, useId } from 'react';
import { classes } from './classes.ts';

interface PanelProps {
  readonly title: ReactNode;
  /** At the right of the title. */
  readonly aside?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A titled box with a hairline around it. */
export function Panel({ title, aside, className, children }: PanelProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className={classes('flex min-w-0 flex-col rounded-panel border border-line bg-surface', className)}
    >
      <div className="flex min-h-11 items-center justify-between gap-3 px-4">
        <h2 id={id} className="font-medium">
          {title}
        </h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** Holds the place of what is still to come. */
export function Skeleton({ className }: { readonly className: string }) {
  return <div aria-hidden="true" className={classes('animate-skeleton rounded-panel bg-raised', className)} />;
}
