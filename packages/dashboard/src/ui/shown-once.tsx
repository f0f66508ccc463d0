import { Check, Copy } from 'lucide-react';
import { useId } from 'react';
import { Button } from './button.tsx';
import { useCopy } from './use-copy.ts';

interface ShownOnceProps {
  readonly label: string;
  readonly value: string;
}

/** A secret in the only moment in which it can be read. */
export function ShownOnce({ label, value }: ShownOnceProps) {
  const id = useId();
  const { copied, copy } = useCopy();
  const Icon = copied ? Check : Copy;
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-ink-2">
        {label}
      </label>
      <div className="flex gap-2 max-sm:flex-col">
        <input
          id={id}
          readOnly
          value={value}
          onFocus={(event) => event.target.select()}
          className="h-9 w-full min-w-0 rounded-md border border-line-strong bg-raised px-3 font-mono text-12 max-sm:h-10"
        />
        <Button kind="primary" onClick={() => void copy(value)} data-first className="sm:w-26">
          <Icon aria-hidden="true" className="size-4" />
          <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
        </Button>
      </div>
      <p className="mt-1.5 text-12 text-ink-2">It is shown only now: Ringside does not keep it.</p>
    </div>
  );
}
