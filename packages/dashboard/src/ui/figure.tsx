import type { Quantity } from '../format.ts';
import { classes } from './classes.ts';
import { Ticker } from './ticker.tsx';

/** A quantity with its units small and muted. */
export function Figure({ parts, className }: { readonly parts: Quantity; readonly className?: string }) {
  return (
    <span className={classes('whitespace-nowrap tabular-nums', className)}>
      {parts.map(({ text, unit }, index) =>
        unit ? (
          <span key={text} className="mr-[0.18em] ml-[0.12em] text-[max(0.62em,11px)] font-normal text-ink-2 last:mr-0">
            {text}
          </span>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: a part is what stands in its place
          <Ticker key={index} text={text} />
        ),
      )}
    </span>
  );
}
