import type { ReactNode } from 'react';
import { useClient } from '../client-context.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { pageFault } from './fault-detail.ts';
import { reportFault } from './report-fault.ts';
import { useAddress } from './use-address.ts';

interface PartBoundaryProps {
  /** Name of the part, as the beginning of a sentence. */
  readonly name: string;
  readonly children: ReactNode;
}

/** Holds the faults of something that stands around the pages: one line says that it is missing. */
export function PartBoundary({ name, children }: PartBoundaryProps) {
  const client = useClient();
  return (
    <ErrorBoundary
      address={useAddress()}
      onFault={(error) => reportFault(client, pageFault(error, location.pathname))}
      fallback={() => <p className="px-4 py-1.5 text-12 text-waiting sm:pl-20">{name} cannot be shown.</p>}
    >
      {children}
    </ErrorBoundary>
  );
}
