import type { ComponentProps } from 'react';
import { classes } from './classes.ts';

const kinds = {
  /** The one thing to do. */
  primary: 'bg-ink text-canvas font-medium hover:opacity-90',
  plain: 'border border-line-strong bg-surface hover:bg-raised',
  quiet: 'text-ink-2 hover:bg-raised hover:text-ink',
  /** Ends something that people or programs use. */
  danger: 'bg-alarm text-surface font-medium hover:bg-[color-mix(in_oklab,var(--alarm)_88%,var(--ink))]',
  /** Leads to such an end. */
  grave: 'text-alarm hover:bg-alarm-wash',
} as const;

interface ButtonProps extends ComponentProps<'button'> {
  readonly kind?: keyof typeof kinds;
  readonly small?: boolean;
}

export function Button({ kind = 'plain', small = false, className, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={classes(
        'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md whitespace-nowrap disabled:cursor-default disabled:opacity-60',
        small ? 'h-8 px-2.5 max-sm:h-9' : 'h-9 px-3.5 max-sm:h-10',
        kinds[kind],
        className,
      )}
      {...rest}
    />
  );
}
