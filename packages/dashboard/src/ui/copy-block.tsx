import { Check, Copy } from 'lucide-react';
import { useCopy } from './use-copy.ts';

interface CopyBlockProps {
  readonly code: string;
  /** What it is, in a word or two. */
  readonly title: string;
}

/** Code that is meant to be copied. */
export function CopyBlock({ code, title }: CopyBlockProps) {
  const { copied, copy } = useCopy();
  const Icon = copied ? Check : Copy;
  return (
    <div className="rounded-panel border border-line bg-raised">
      <div className="flex h-9 items-center justify-between border-b border-line pr-1.5 pl-4 text-12 text-ink-2">
        {title}
        <button
          type="button"
          onClick={() => void copy(code)}
          className="inline-flex h-7 items-center gap-1.5 rounded-md px-2 hover:bg-surface hover:text-ink"
        >
          <Icon aria-hidden="true" className="size-3.5" />
          <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
          <span className="sr-only">{title}</span>
        </button>
      </div>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={title}
        className="overflow-x-auto px-4 py-3"
      >
        <pre className="font-mono text-12 leading-5">{code}</pre>
      </section>
    </div>
  );
}
