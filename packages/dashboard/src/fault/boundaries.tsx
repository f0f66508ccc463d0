import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { ErrorBoundary, type Fault } from './error-boundary.tsx';
import { FaultBody } from './fault-body.tsx';
import { FAULT_WORDS, FaultPanel } from './fault-panel.tsx';
import { useReportFault } from './report-fault.ts';
import { useAddress } from './use-address.ts';

interface HeldProps {
  readonly fallback: (fault: Fault, retry: () => void) => ReactNode;
  readonly children: ReactNode;
}

/** Holds and reports the faults of its children. A retry reads their data again. */
function Held({ fallback, children }: HeldProps) {
  const queries = useQueryClient();
  const again = (retry: () => void) => (): void => {
    queries.removeQueries({ type: 'inactive' });
    retry();
  };
  return (
    <ErrorBoundary
      address={useAddress()}
      onFault={useReportFault()}
      fallback={(fault, retry) => fallback(fault, again(retry))}
    >
      {children}
    </ErrorBoundary>
  );
}

/** Holds the faults of one page, so that what stands around it goes on working. */
export function PageBoundary({ children }: { readonly children: ReactNode }) {
  return <Held fallback={(fault, retry) => <FaultPanel fault={fault} retry={retry} />}>{children}</Held>;
}

interface DialogBoundaryProps {
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Holds the faults of a dialog, so that the page under it goes on working. */
export function DialogBoundary({ onClose, children }: DialogBoundaryProps) {
  return (
    <Held
      fallback={(fault, retry) => (
        <Dialog title="This could not be shown" onClose={onClose}>
          <p className="text-ink-2">{FAULT_WORDS}</p>
          <FaultBody fault={fault} />
          <DialogActions>
            <Button onClick={onClose}>Close</Button>
            <Button kind="primary" onClick={retry} data-first>
              Try again
            </Button>
          </DialogActions>
        </Dialog>
      )}
    >
      {children}
    </Held>
  );
}

interface PartBoundaryProps {
  /** Name of the part, as the beginning of a sentence. */
  readonly name: string;
  readonly children: ReactNode;
}

/** Holds the faults of a part that stands around the pages: one line says that it is missing. */
export function PartBoundary({ name, children }: PartBoundaryProps) {
  return (
    <Held fallback={() => <p className="px-4 py-1.5 text-12 text-waiting sm:pl-20">{name} cannot be shown.</p>}>
      {children}
    </Held>
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
