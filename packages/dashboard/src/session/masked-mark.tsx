import { EyeOff } from 'lucide-react';
import { Hint } from '../ui/hint.tsx';
import { useMay, useSession } from './session-context.ts';

/** Says that phone numbers are masked here, and why; nothing for who sees them whole. */
export function MaskedMark() {
  const { share, role } = useSession();
  if (useMay('unmask')) return null;
  const why = share
    ? 'You see masked numbers: a share link never shows them whole.'
    : `You see masked numbers: your key, with the role ${role ?? 'viewer'}, may not see them whole. An admin can give you one that may.`;
  return (
    <Hint bare text={why} className="inline-flex items-center text-12 text-ink-2">
      <span className="inline-flex items-center gap-1 whitespace-nowrap">
        <EyeOff aria-hidden="true" className="size-3.5" />
        <span className="max-sm:sr-only">numbers masked</span>
      </span>
    </Hint>
  );
}
