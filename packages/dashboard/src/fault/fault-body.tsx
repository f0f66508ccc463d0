import { formatClock } from '../format.ts';
import { CopyBlock } from '../ui/copy-block.tsx';
import type { Fault } from './error-boundary.tsx';
import { detailText, pageFault } from './fault-detail.ts';

/** Under the ways on from a fault: whether a retry failed, and the facts to pass on. */
export function FaultBody({ fault: { error, at, retries } }: { readonly fault: Fault }) {
  return (
    <>
      <p role="status" className="my-2 min-h-5 text-12 text-ink-2">
        {retries > 0 && `Tried again at ${formatClock(at)}: the fault is still there.`}
      </p>
      <CopyBlock title="Detail to pass on" code={detailText(pageFault(error, location.pathname), at)} />
    </>
  );
}
