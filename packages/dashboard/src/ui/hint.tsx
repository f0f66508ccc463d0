import { type ReactNode, useId, useRef } from 'react';
import { classes } from './classes.ts';
import { byMouse, CLOSE_AFTER_MS, HintText, OPEN_AFTER_MS, useDelayed } from './hint-text.tsx';

interface HintProps {
  /** What is explained; it reads as text with a dotted line below. */
  readonly children: ReactNode;
  /** The explanation. */
  readonly text: ReactNode;
  /** Without the dotted line, for glyphs and figures. */
  readonly bare?: boolean;
  readonly className?: string;
}

/** How a word looks that has a definition. */
export const DOTTED =
  'underline decoration-line-strong decoration-dotted underline-offset-[3px] hover:decoration-ink-3';

/** A word with its definition, on hover, on focus and on tap; Escape takes it away. */
export function Hint({ children, text, bare = false, className }: HintProps) {
  const id = useId();
  const trigger = useRef<HTMLButtonElement>(null);
  const { open, show, hide, toggle } = useDelayed(trigger);
  return (
    <>
      <button
        ref={trigger}
        type="button"
        data-hint
        aria-describedby={open ? id : undefined}
        onPointerEnter={byMouse(() => show(OPEN_AFTER_MS))}
        onPointerLeave={byMouse(() => hide(CLOSE_AFTER_MS))}
        onFocus={(event) => event.currentTarget.matches(':focus-visible') && show(0)}
        onBlur={() => hide(0)}
        onClick={toggle}
        onKeyDown={(event) => event.key === 'Escape' && hide(0)}
        className={classes('relative cursor-help text-left', !bare && DOTTED, className)}
      >
        {children}
      </button>
      {open && (
        <HintText id={id} anchor={trigger} onEnter={() => show(0)} onLeave={() => hide(CLOSE_AFTER_MS)}>
          {text}
        </HintText>
      )}
    </>
  );
}

/** What is not known: an en dash that says why. */
export function Unknown({ why }: { readonly why: string }) {
  return (
    <Hint text={why} bare className="text-ink-3">
      <span aria-hidden="true">–</span>
      <span className="sr-only">unknown</span>
    </Hint>
  );
}
