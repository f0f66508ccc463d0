import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useClient } from '../client-context.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { pageFault } from './fault-detail.ts';
import { FaultPanel } from './fault-panel.tsx';
import { reportFault } from './report-fault.ts';
import { useAddress } from './use-address.ts';

/** Holds the faults of one page, so that what stands around it goes on working. A retry reads the page's data again. */
export function PageBoundary({ children }: { readonly children: ReactNode }) {
  const client = useClient();
  const queries = useQueryClient();
  const again = (retry: () => void) => (): void => {
    queries.removeQueries({ type: 'inactive' });
    retry();
  };
  return (
    <ErrorBoundary
      address={useAddress()}
      onFault={(error) => reportFault(client, pageFault(error, location.pathname))}
      fallback={(fault, retry) => <FaultPanel fault={fault} retry={again(retry)} />}
    >
      {children}
    </ErrorBoundary>
  );
}

/** The last resort, for faults of what stands around the pages. It draws the page anew and never loads it again. */
export function LastBoundary({ children }: { readonly children: ReactNode }) {
  return (
    <ErrorBoundary
      address={useAddress()}
      fallback={(fault, retry) => (
        <main className="px-4">
          <FaultPanel fault={fault} retry={retry} />
        </main>
      )}
    >
      {children}
    </ErrorBoundary>
  );
}
