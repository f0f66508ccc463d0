import { type KeyboardEvent, type ReactNode, type ToggleEvent, useId, useRef } from 'react';
import { Button } from './button.tsx';
import { classes } from './classes.ts';

export interface MenuItem {
  readonly label: ReactNode;
  readonly run: () => void;
  /** Leads to the end of something; stands below the others. */
  readonly grave?: boolean;
}

interface MenuProps {
  /** What the button opens, in words. */
  readonly label: string;
  /** What the button shows. */
  readonly children: ReactNode;
  readonly items: readonly MenuItem[];
}

const GAP = 6;
const MARGIN = 8;

/** A button with a list of things to do. Arrow keys go through them; Escape and a press elsewhere close it. */
export function Menu({ label, children, items }: MenuProps) {
  const id = useId();
  const { trigger, list, begin, close, onKeyDown } = useMenu();
  function onToggle({ newState }: ToggleEvent<HTMLDivElement>): void {
    if (newState === 'open' && !list.current?.contains(document.activeElement)) begin();
  }
  function onTriggerKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'ArrowDown') return;
    event.preventDefault();
    list.current?.showPopover();
    // At once: the next key may come before the browser says that it is open.
    begin();
  }
  return (
    <>
      <Button
        ref={trigger}
        small
        aria-haspopup="menu"
        aria-label={label}
        popoverTarget={id}
        onKeyDown={onTriggerKeyDown}
        className="w-8 px-0! max-sm:w-9"
      >
        {children}
      </Button>
      <div
        ref={list}
        id={id}
        role="menu"
        tabIndex={-1}
        aria-label={label}
        popover="auto"
        onToggle={onToggle}
        onKeyDown={onKeyDown}
        className="fixed inset-auto m-0 min-w-52 animate-appear rounded-panel border border-line bg-surface p-1 text-ink shadow-lg"
      >
        {items.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an item is what stands in its place
          <Entry key={index} item={item} close={close} />
        ))}
      </div>
    </>
  );
}

function Entry({
  item: { label, run, grave = false },
  close,
}: {
  readonly item: MenuItem;
  readonly close: () => void;
}) {
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      onClick={() => {
        close();
        run();
      }}
      className={classes(
        'flex h-9 w-full items-center rounded-md px-3 text-left whitespace-nowrap focus-visible:outline-offset-[-2px] max-sm:h-11',
        grave ? 'text-alarm hover:bg-alarm-wash' : 'hover:bg-raised focus:bg-raised',
      )}
    >
      {label}
    </button>
  );
}

/** Where the list stands and which item has the focus. */
function useMenu() {
  const trigger = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const entries = (): HTMLElement[] => [...(list.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
  const close = (): void => list.current?.hidePopover();
  return {
    trigger,
    list,
    close,
    begin(): void {
      if (!list.current || !trigger.current) return;
      place(list.current, trigger.current.getBoundingClientRect());
      entries()[0]?.focus();
    },
    onKeyDown(event: KeyboardEvent): void {
      if (event.key === 'Tab') close();
      const all = entries();
      const here = all.indexOf(document.activeElement as HTMLElement);
      const next = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: all.length - 1 }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      all.at(next % all.length)?.focus();
    },
  };
}

/** Below the button, at its right edge, and never over the edge of the window. */
function place(list: HTMLElement, trigger: DOMRect): void {
  const { width } = list.getBoundingClientRect();
  list.style.left = `${Math.max(MARGIN, trigger.right - width)}px`;
  list.style.top = `${trigger.bottom + GAP}px`;
}
