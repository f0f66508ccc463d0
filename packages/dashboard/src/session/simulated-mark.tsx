import { FlaskConical } from 'lucide-react';
import { Hint } from '../ui/hint.tsx';

/** Says that nothing here is real. */
export function SimulatedMark() {
  return (
    <Hint bare text="A simulated campaign: its people, calls and leads are invented, and nobody is called.">
      <span className="inline-flex h-6 items-center gap-1 rounded-full border border-line-strong bg-surface px-2 text-12 font-medium whitespace-nowrap text-ink">
        <FlaskConical aria-hidden="true" className="size-3.5" />
        Simulated
      </span>
    </Hint>
  );
}
