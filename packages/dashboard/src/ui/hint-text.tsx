import { type PointerEvent, type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';

export const OPEN_AFTER_MS = 150;
/** Long enough for the pointer to reach the text, which may be read and selected. */
export const CLOSE_AFTER_MS = 120;

interface HintTextProps {
  readonly id: string;
  readonly anchor: RefObject<HTMLElement | null>;
  readonly onEnter: () => void;
  readonly onLeave: () => void;
  readonly children: ReactNode;
}

/** The text, in the browser’s top layer, so that nothing clips it. */
export function HintText({ id, anchor, onEnter, onLeave, children }: HintTextProps) {
  const popup = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    if (!popup.current || !anchor.current) return;
    const [text, named] = [popup.current, anchor.current];
    const follow = (): void => place(text, named.getBoundingClientRect());
    text.showPopover();
    follow();
    // Focus scrolls to what it reaches, and the text must not be lost by that.
    addEventListener('scroll', follow, { capture: true, passive: true });
    return () => removeEventListener('scroll', follow, { capture: true });
  }, [anchor]);
  return (
    <span
      ref={popup}
      id={id}
      role="tooltip"
      popover="manual"
      onPointerEnter={onEnter}
      onPointerLeave={onLeave}
      className="fixed inset-auto m-0 w-max max-w-72 animate-appear rounded-panel bg-overlay px-3 py-2 text-12 text-left font-normal tracking-normal whitespace-normal text-on-overlay shadow-lg"
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

/** Opens and closes a moment after it is asked to; closes by itself on a press elsewhere. */
export function useDelayed(trigger: RefObject<HTMLElement | null>) {
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
    addEventListener('pointerdown', close);
    return () => removeEventListener('pointerdown', close);
  }, [open, trigger]);
  return {
    open,
    show: (ms: number) => later(true, ms),
    hide: (ms: number) => later(false, ms),
    toggle: () => later(!open, 0),
  };
}

/** A finger that taps sends pointer events too, which would close again what the tap opened. */
export function byMouse(run: () => void) {
  return (event: PointerEvent): void => {
    if (event.pointerType === 'mouse') run();
  };
}
