import { Check, Copy } from 'lucide-react';
import { useCopy } from './use-copy.ts';

interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for screen readers. */
  readonly title: string;
  /** Shown beside the icon; without it there is the icon alone, for rows. */
  readonly label?: string;
}

/** Copies a text. */
export function CopyButton({ text, title, label }: CopyButtonProps) {
  const { copied, copy } = useCopy();
  const Icon = copied ? Check : Copy;
  return (
    <button
      type="button"
      onClick={() => void copy(text)}
      title={`Copy ${title}`}
      className="inline-flex h-8 min-w-8 shrink-0 items-center justify-center gap-1.5 rounded-md px-2 text-12 text-ink-2 hover:bg-raised hover:text-ink"
    >
      <Icon aria-hidden="true" className="size-3.5" />
      {label && <span aria-hidden="true">{copied ? 'Copied' : label}</span>}
      <span className="sr-only" aria-live="polite">
        {copied ? `Copied ${title}` : `Copy ${title}`}
      </span>
    </button>
  );
}
