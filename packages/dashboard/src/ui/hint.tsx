import {
  type PointerEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { classes } from './classes.ts';

interface HintProps {
  /** What is explained; it reads as text with a dotted line below. */
  readonly children: ReactNode;
  /** The explanation. */
  readonly text: ReactNode;
  /** Without the dotted line, for glyphs and figures. */
  readonly bare?: boolean;
  readonly className?: string;
}

const OPEN_AFTER_MS = 150;
/** Long enough for the pointer to reach the text, which may be read and selected. */
const CLOSE_AFTER_MS = 120;

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
        aria-describedby={open ? id : undefined}
        onPointerEnter={byMouse(() => show(OPEN_AFTER_MS))}
        onPointerLeave={byMouse(() => hide(CLOSE_AFTER_MS))}
        onFocus={(event) => event.currentTarget.matches(':focus-visible') && show(0)}
        onBlur={() => hide(0)}
        onClick={toggle}
        onKeyDown={(event) => event.key === 'Escape' && hide(0)}
        className={classes(
          'relative cursor-help text-left',
          !bare && 'underline decoration-line-strong decoration-dotted underline-offset-[3px] hover:decoration-ink-3',
          className,
        )}
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

interface HintTextProps {
  readonly id: string;
  readonly anchor: RefObject<HTMLElement | null>;
  readonly onEnter: () => void;
  readonly onLeave: () => void;
  readonly children: ReactNode;
}

/** The text, in the browser’s top layer, so that nothing clips it. */
function HintText({ id, anchor, onEnter, onLeave, children }: HintTextProps) {
  const popup = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    if (!popup.current || !anchor.current) return;
    popup.current.showPopover();
    place(popup.current, anchor.current.getBoundingClientRect());
  }, [anchor]);
  return (
    <span
      ref={popup}
      id={id}
      role="tooltip"
      popover="manual"
      onPointerEnter={onEnter}
      onPointerLeave={onLeave}
      className="fixed inset-auto m-0 w-max max-w-72 animate-appear rounded-panel bg-overlay px-3 py-2 text-12 font-normal tracking-normal whitespace-normal text-on-overlay shadow-lg"
    >
      {children}
    </span>
  );
}

const MARGIN = 8;
const OFFSET = 6;

/** Above the word, or below where there is no room, and never over the edge of the window. */
function place(popup: HTMLElement, anchor: DOMRect): void {
  const { width, height } = popup.getBoundingClientRect();
  const centred = anchor.left + anchor.width / 2 - width / 2;
  const left = Math.min(Math.max(centred, MARGIN), document.documentElement.clientWidth - width - MARGIN);
  const above = anchor.top - height - OFFSET;
  popup.style.left = `${left}px`;
  popup.style.top = `${above >= MARGIN ? above : anchor.bottom + OFFSET}px`;
}

/** Opens and closes a moment after it is asked to; closes by itself on scrolling, and on a press elsewhere. */
function useDelayed(trigger: RefObject<HTMLElement | null>) {
  const [open, setOpen] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  function later(value: boolean, ms: number): void {
    clearTimeout(timer.current);
    if (ms === 0) setOpen(value);
    else timer.current = setTimeout(() => setOpen(value), ms);
  }
  useEffect(() => {
    if (!open) return;
    const close = (event: Event): void => {
      if (!trigger.current?.contains(event.target as Node)) setOpen(false);
    };
    addEventListener('scroll', close, { capture: true, passive: true });
    addEventListener('pointerdown', close);
    return () => {
      removeEventListener('scroll', close, { capture: true });
      removeEventListener('pointerdown', close);
    };
  }, [open, trigger]);
  return {
    open,
    show: (ms: number) => later(true, ms),
    hide: (ms: number) => later(false, ms),
    toggle: () => later(!open, 0),
  };
}

/** A finger that taps sends pointer events too, which would close again what the tap opened. */
function byMouse(run: () => void) {
  return (event: PointerEvent): void => {
    if (event.pointerType === 'mouse') run();
  };
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
