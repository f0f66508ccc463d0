import { X } from 'lucide-react';
import { type MouseEvent, type ReactNode, type SyntheticEvent, useId, useLayoutEffect, useRef } from 'react';
import { classes } from './classes.ts';

interface DialogProps {
  readonly title: ReactNode;
  readonly onClose: () => void;
  /** Neither Escape nor a click beside it closes it: what it shows is not shown again. */
  readonly held?: boolean;
  /** For tables. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/**
 * A window over the page. The browser keeps the focus inside, and gives it back to where it was. At first it is on what
 * has `data-first`, else on the first field.
 */
export function Dialog({ title, onClose, held = false, wide = false, children }: DialogProps) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    const first =
      shown?.querySelector<HTMLElement>('[data-first]') ?? shown?.querySelector<HTMLElement>('input, select');
    first?.focus();
    // While it is still in the page, or the browser would not give the focus back.
    return () => shown?.close();
  }, []);

  function onCancel(event: SyntheticEvent): void {
    event.preventDefault();
    if (!held) onClose();
  }
  function onClick(event: MouseEvent): void {
    if (!held && event.target === dialog.current) onClose();
  }

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does by keyboard what a click beside it does
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onCancel={onCancel}
      onClick={onClick}
      className={classes(
        wide ? 'w-[min(calc(100vw-24px),720px)]' : 'w-[min(calc(100vw-24px),520px)]',
        'm-auto max-h-[calc(100dvh-32px)] animate-appear overflow-y-auto rounded-panel border border-line bg-surface text-ink shadow-lg backdrop:bg-black/45',
      )}
    >
      <div className="flex items-start justify-between gap-3 px-5 pt-4">
        <h2 id={id} className="min-w-0 text-16 font-semibold break-words">
          {title}
        </h2>
        {!held && (
          <button
            type="button"
            onClick={onClose}
            className="-mt-1 -mr-2 grid size-8 shrink-0 place-items-center rounded-md text-ink-2 hover:bg-raised hover:text-ink"
          >
            <X aria-hidden="true" className="size-4" />
            <span className="sr-only">Close</span>
          </button>
        )}
      </div>
      <div className="px-5 pt-2 pb-5">{children}</div>
    </dialog>
  );
}

/** What can be done in a dialog; the main thing stands at the right, or on phones at the bottom. */
export function DialogActions({ children }: { readonly children: ReactNode }) {
  return <div className="mt-5 flex justify-end gap-2 max-sm:flex-col-reverse">{children}</div>;
}
