import { createContext, type PointerEvent, type ReactNode, useContext, useId, useRef } from 'react';
import { classes } from './classes.ts';
import { DOTTED } from './hint.tsx';
import { CLOSE_AFTER_MS, HintText, OPEN_AFTER_MS, useDelayed } from './hint-text.tsx';

type Explanation = ReturnType<typeof useDelayed> & { readonly text: ReactNode };

const Context = createContext<Explanation | null>(null);

interface ExplainedProps {
  readonly as?: 'div' | 'li' | 'p' | 'span' | 'tr' | 'figcaption';
  /** The explanation. */
  readonly text: ReactNode;
  readonly className?: string;
  /** The figure and, once, its name as a {@link Term}. */
  readonly children: ReactNode;
}

/** A figure and its name, explained on hover and tap anywhere over them, and on focus of the name. */
export function Explained({ as: Tag = 'div', text, className, children }: ExplainedProps) {
  const area = useRef<HTMLElement | null>(null);
  const hint = useDelayed(area);
  function over({ pointerType, target }: PointerEvent): void {
    // The text itself keeps open or closes by itself, and a hint within the figure speaks for itself.
    if (pointerType !== 'mouse' || isWithin(target, '[role=tooltip]')) return;
    if (isWithin(target, '[data-hint]')) hint.hide(0);
    else hint.show(hint.open ? 0 : OPEN_AFTER_MS);
  }
  function up({ pointerType, target }: PointerEvent): void {
    if (pointerType !== 'mouse' && !isWithin(target, 'button, a, [role=tooltip]')) hint.toggle();
  }
  return (
    <Context value={{ ...hint, text }}>
      <Tag
        ref={(element: HTMLElement | null) => {
          area.current = element;
        }}
        onPointerOver={over}
        onPointerLeave={(event) => event.pointerType === 'mouse' && hint.hide(CLOSE_AFTER_MS)}
        onPointerUp={up}
        className={className}
      >
        {children}
      </Tag>
    </Context>
  );
}

interface TermProps {
  readonly children: ReactNode;
  readonly className?: string;
  /** What a press does, where that is something else than to explain. */
  readonly press?: () => void;
}

/** The name of an {@link Explained} figure, by which the keyboard gets to the explanation. */
export function Term({ children, className, press }: TermProps) {
  const explanation = useContext(Context);
  const id = useId();
  const trigger = useRef<HTMLButtonElement>(null);
  if (explanation === null) throw new Error('a term stands in the figure that it names');
  const { open, show, hide, toggle, text } = explanation;
  return (
    <>
      <button
        ref={trigger}
        type="button"
        aria-describedby={open ? id : undefined}
        onFocus={(event) => event.currentTarget.matches(':focus-visible') && show(0)}
        onBlur={() => hide(0)}
        onClick={press ?? toggle}
        onKeyDown={(event) => event.key === 'Escape' && hide(0)}
        className={classes('relative text-left', !press && `cursor-help ${DOTTED}`, className)}
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

function isWithin(target: EventTarget, selector: string): boolean {
  return target instanceof Element && target.closest(selector) !== null;
}
